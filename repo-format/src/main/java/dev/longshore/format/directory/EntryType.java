package dev.longshore.format.directory;

/// What a directory entry is.
public enum EntryType {
  FILE("f"),
  DIRECTORY("d"),
  SYMLINK("s"),

  /// A type this version does not know. Kopia shows such an entry as an error; it is never written.
  UNKNOWN("");

  private final String code;

  EntryType(String code) {
    this.code = code;
  }

  /// The stored form.
  public String code() {
    return code;
  }

  /// The type of a stored form; [#UNKNOWN] for any other text.
  public static EntryType ofCode(String code) {
    return switch (code) {
      case "f" -> FILE;
      case "d" -> DIRECTORY;
      case "s" -> SYMLINK;
      default -> UNKNOWN;
    };
  }
}
