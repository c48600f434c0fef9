package dev.longshore.engine.block.restore;

/// What becomes of a target's bytes behind the volume.
public enum Surplus {
  /// A file is cut to the volume's size; a device, which cannot be cut, keeps them.
  CUT,
  /// They stay.
  LEAVE,
  /// They become zeros.
  ZERO
}
