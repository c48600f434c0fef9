package dev.longshore.engine.block.device;

/// What a device is opened for.
public enum Access {
  READ,
  /// Reading too. Of a block device, for one holder alone: one that is mounted, or part of another
  /// device, is refused.
  WRITE
}
