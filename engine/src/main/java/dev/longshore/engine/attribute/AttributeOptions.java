package dev.longshore.engine.attribute;

/// How what a file has beside its bytes, and Kopia has no place for, is treated: extended
/// attributes, access-control lists, capabilities, hard links, holes.
///
/// @param kept saved and restored
/// @param selinux labels of SELinux as well, which a system gives new files by itself
/// @param failures what is done if one cannot be read or set
public record AttributeOptions(boolean kept, boolean selinux, MetadataPolicy failures) {
  /// All but labels of SELinux; failures are told.
  public static final AttributeOptions DEFAULTS =
      new AttributeOptions(true, false, MetadataPolicy.WARN);

  /// Nothing beyond what Kopia has.
  public static final AttributeOptions NONE =
      new AttributeOptions(false, false, MetadataPolicy.WARN);
}
