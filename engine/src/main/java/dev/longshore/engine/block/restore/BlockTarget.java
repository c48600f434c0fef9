package dev.longshore.engine.block.restore;

import java.nio.file.Path;

/// Where a volume goes.
public sealed interface BlockTarget {
  /// The device or file.
  Path path();

  /// A block device, or a file that becomes the volume's image; symbolic links are followed.
  record Raw(Path path) implements BlockTarget {}

  /// A file of the format qcow2, version 3, which holds what is not zero.
  record Qcow2(Path path) implements BlockTarget {}
}
