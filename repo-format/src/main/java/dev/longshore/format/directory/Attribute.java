package dev.longshore.format.directory;

import dev.longshore.format.json.RawText;
import java.util.Arrays;
import java.util.Objects;

/// An extended attribute of a file, directory or symbolic link: access-control lists and file
/// capabilities are attributes too. Immutable.
public final class Attribute {
  /// The longest name Linux takes, in bytes.
  public static final int MAX_NAME_BYTES = 255;

  /// The longest value Linux takes.
  public static final int MAX_VALUE_BYTES = 64 << 10;

  private final String name;
  private final byte[] value;

  /// @param name as the system has it, name space first: `user.comment`
  /// @param value copied
  /// @throws IllegalArgumentException if no file of Linux could have it
  public Attribute(String name, byte[] value) {
    if (!isPossible(name, value.length)) {
      throw new IllegalArgumentException(
          "attribute of a name of %d characters and %d bytes"
              .formatted(name.length(), value.length));
    }
    this.name = name;
    this.value = value.clone();
  }

  /// Tells whether Linux takes such an attribute.
  static boolean isPossible(String name, int valueBytes) {
    int length = RawText.encode(name).length;
    return length > 0
        && length <= MAX_NAME_BYTES
        && name.indexOf('\0') < 0
        && valueBytes <= MAX_VALUE_BYTES;
  }

  /// The name, name space first.
  public String name() {
    return name;
  }

  /// A copy of the value.
  public byte[] value() {
    return value.clone();
  }

  /// Bytes of the value.
  public int valueBytes() {
    return value.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Attribute that
        && name.equals(that.name)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, Arrays.hashCode(value));
  }

  @Override
  public String toString() {
    return name + " (" + value.length + " bytes)";
  }
}
