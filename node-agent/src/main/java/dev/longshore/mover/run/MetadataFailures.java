package dev.longshore.mover.run;

/// What is done about owners, permissions, times and attributes that cannot be kept or set. They
/// are counted in any case.
public enum MetadataFailures {
  /// The task fails.
  FAIL,
  /// The log tells.
  WARN,
  /// Nothing.
  IGNORE
}
