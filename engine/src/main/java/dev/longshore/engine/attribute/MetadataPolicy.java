package dev.longshore.engine.attribute;

/// What is done about attributes, links and the like that cannot be kept or set. They are counted
/// in any case.
public enum MetadataPolicy {
  /// The entry counts as failed.
  FAIL,
  /// It is told.
  WARN,
  /// Nothing.
  IGNORE
}
