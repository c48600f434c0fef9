package dev.longshore.engine.attribute;

/// What an extended attribute is, by its name.
public enum AttributeKind {
  /// Of users, of Samba, of trusted programs: bytes that mean nothing to us.
  PLAIN,
  /// A POSIX access-control list, for access or inherited by new entries.
  ACCESS_LIST,
  /// Capabilities of a program; a change of owner takes them away.
  CAPABILITY,
  /// A label of SELinux.
  SELINUX,
  /// Made by the kernel for this very inode; it would be wrong elsewhere.
  BOUND,
  /// An access-control list of another kind, which only its own file system understands.
  FOREIGN_ACCESS_LIST,
  /// Of a name space that is not known, or the file system's own.
  FOREIGN;

  /// The attribute that holds a file's capabilities.
  public static final String CAPABILITY_NAME = "security.capability";

  /// The access-control list itself.
  public static final String ACCESS_NAME = "system.posix_acl_access";

  /// The list that new entries of a directory begin with.
  public static final String DEFAULT_NAME = "system.posix_acl_default";

  /// The kind of a name.
  public static AttributeKind of(String name) {
    return switch (name) {
      case CAPABILITY_NAME -> CAPABILITY;
      case ACCESS_NAME, DEFAULT_NAME -> ACCESS_LIST;
      case "security.selinux" -> SELINUX;
      case "security.evm" -> BOUND;
      case "system.nfs4_acl", "system.nfs4acl_xdr", "system.richacl", "system.cifs_acl" ->
          FOREIGN_ACCESS_LIST;
      default -> ofSpace(name);
    };
  }

  private static AttributeKind ofSpace(String name) {
    boolean known =
        name.startsWith("user.") || name.startsWith("trusted.") || name.startsWith("security.");
    // A name space alone names nothing.
    return known && name.indexOf('.') < name.length() - 1 ? PLAIN : FOREIGN;
  }

  /// Tells whether attributes of this kind are saved and restored.
  public boolean isKept(AttributeOptions options) {
    return switch (this) {
      case PLAIN, ACCESS_LIST, CAPABILITY -> options.kept();
      case SELINUX -> options.kept() && options.selinux();
      case BOUND, FOREIGN_ACCESS_LIST, FOREIGN -> false;
    };
  }

  /// Tells whether it is no loss where they are not kept, as the system makes them anew.
  public boolean isMadeAnew() {
    return switch (this) {
      case SELINUX, BOUND -> true;
      case PLAIN, ACCESS_LIST, CAPABILITY, FOREIGN_ACCESS_LIST, FOREIGN -> false;
    };
  }
}
