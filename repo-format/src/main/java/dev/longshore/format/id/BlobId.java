package dev.longshore.format.id;

/// The name of a blob in a store, for example `p6259…-scbd7…` or `kopia.repository`.
///
/// Not empty, at most 512 characters of printable ASCII without `/` and `\`: names come from
/// listings of stores that may be hostile, and end in file paths.
public record BlobId(String value) implements Comparable<BlobId> {
  /// The longest name accepted, in characters.
  public static final int MAX_LENGTH = 512;

  /// @throws IllegalArgumentException if the name breaks the rules above
  public BlobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "not a blob name of 1.." + MAX_LENGTH + " safe characters");
    }
  }

  /// Tells whether a listed name can be a blob name.
  public static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || name.equals(".") || name.equals("..")) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '/' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /// Tells whether the name starts with `prefix`.
  public boolean startsWith(String prefix) {
    return value.startsWith(prefix);
  }

  @Override
  public int compareTo(BlobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
