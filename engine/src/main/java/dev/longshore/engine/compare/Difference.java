package dev.longshore.engine.compare;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.ExtraMetadata;

/// One difference between two trees. Paths begin with `./`; `old` is of the first tree.
///
/// Several may be told of one entry: an attribute each, then that its content changed.
public sealed interface Difference {
  /// The entry's path.
  String path();

  /// A directory that only the second tree has; what is in it follows.
  record DirectoryAdded(String path) implements Difference {}

  /// A directory that only the first tree has; what is in it follows.
  record DirectoryRemoved(String path) implements Difference {}

  /// A file or symbolic link that only the second tree has.
  record FileAdded(String path, DirEntry entry) implements Difference {}

  /// A file or symbolic link that only the first tree has.
  record FileRemoved(String path, DirEntry entry) implements Difference {}

  /// Modes, or kinds of entry.
  record ModeChanged(String path, DirEntry oldEntry, DirEntry newEntry) implements Difference {}

  /// Sizes in bytes.
  record SizeChanged(String path, long oldSize, long newSize) implements Difference {}

  /// Modification times, in nanoseconds since 1970.
  record TimeChanged(String path, long oldNanos, long newNanos) implements Difference {}

  /// User ids.
  record OwnerChanged(String path, long oldUid, long newUid) implements Difference {}

  /// Group ids.
  record GroupChanged(String path, long oldGid, long newGid) implements Difference {}

  /// Extended attributes, whether a file has several names, or holes: what Kopia does not compare.
  record ExtraChanged(String path, ExtraMetadata oldExtra, ExtraMetadata newExtra)
      implements Difference {}

  /// A directory has become something else; it is not gone into.
  record DirectoryBecameOther(String path) implements Difference {}

  /// Something else has become a directory; it is not gone into.
  record OtherBecameDirectory(String path) implements Difference {}

  /// A file's content changed.
  record ContentChanged(String path, DirEntry oldEntry, DirEntry newEntry) implements Difference {}
}
