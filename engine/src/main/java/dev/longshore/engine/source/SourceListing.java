package dev.longshore.engine.source;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The names of an open directory, in the order of [dev.longshore.format.directory.DirEntry#ORDER]:
/// directories first, then the rest, each by the bytes of their names.
///
/// One thread calls [#next()]; entries may be used by any until the listing is closed.
public interface SourceListing extends AutoCloseable {
  /// The next entry, null after the last. Names that vanished since they were read are passed over;
  /// an entry that cannot be looked at is a [SourceFault].
  ///
  /// @throws IOException if no further entry can be had
  @Nullable SourceEntry next() throws IOException;

  /// What has a name in the directory, wherever [#next()] is; empty if nothing has.
  Optional<SourceEntry> find(String name) throws IOException;

  @Override
  void close();
}
