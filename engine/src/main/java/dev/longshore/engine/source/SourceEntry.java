package dev.longshore.engine.source;

import dev.longshore.engine.posix.FileStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Something to back up, as it was when its directory was read.
///
/// An entry is used while the [SourceListing] it came from is open. Operations that touch the
/// source throw `IOException`, whose message says what was tried: it becomes part of the snapshot.
public sealed interface SourceEntry
    permits SourceDirectory, SourceFault, SourceFile, SourceOther, SourceStream, SourceSymlink {
  /// The name in its directory, as [dev.longshore.format.json.RawText] has it; of a root, its base
  /// name.
  String name();

  /// Mode, owner, times, size and place.
  FileStatus status();

  /// The names of its extended attributes.
  default List<String> attributeNames() throws IOException {
    return List.of();
  }

  /// The value of one of them; empty if it is gone.
  default Optional<byte[]> attribute(String name) throws IOException {
    return Optional.empty();
  }
}
