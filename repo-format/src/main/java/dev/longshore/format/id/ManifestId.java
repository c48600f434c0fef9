package dev.longshore.format.id;

/// The name of a manifest: 32 lower-case hex digits, chosen at random when it is written.
public record ManifestId(String value) implements Comparable<ManifestId> {
  /// @throws IllegalArgumentException if the text is empty, over 64 characters, or not of letters
  ///   and digits
  public ManifestId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a manifest id");
    }
  }

  /// Tells whether a text can be a manifest's id.
  public static boolean isValid(String text) {
    return !text.isEmpty() && text.length() <= 64 && text.chars().allMatch(ManifestId::isAllowed);
  }

  private static boolean isAllowed(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  @Override
  public int compareTo(ManifestId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
