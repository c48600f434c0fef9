package dev.longshore.engine.attribute;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// POSIX access-control lists in words, as archives have them: `user::rw-,user:1000:r--,…`.
///
/// The kernel's form, little-endian:
///
/// | offset | length | field |
/// |---|---|---|
/// | 0 | 4 | version, 2 |
/// | 4 + 8 n | 2 | whom: 1 owner, 2 a user, 4 owning group, 8 a group, 16 mask, 32 others |
/// | 6 + 8 n | 2 | 4 read, 2 write, 1 execute |
/// | 8 + 8 n | 4 | id of the user or group, else -1 |
public final class AccessListText {
  private static final int VERSION = 2;
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 8;

  private AccessListText() {}

  /// The text of a list; empty if it is not one that is known.
  ///
  /// @param value of the attribute [AttributeKind#ACCESS_NAME] or [AttributeKind#DEFAULT_NAME]
  public static Optional<String> of(byte[] value) {
    ByteBuffer list = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    boolean whole = value.length > HEADER_BYTES && (value.length - HEADER_BYTES) % ENTRY_BYTES == 0;
    if (!whole || list.getInt() != VERSION) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder();
    while (list.hasRemaining()) {
      String whom = whom(list.getShort());
      int permissions = list.getShort();
      int id = list.getInt();
      if (whom.isEmpty() || (permissions & ~7) != 0) {
        return Optional.empty();
      }
      text.append(text.isEmpty() ? "" : ",").append(whom.formatted(Integer.toUnsignedLong(id)));
      text.append((permissions & 4) != 0 ? 'r' : '-');
      text.append((permissions & 2) != 0 ? 'w' : '-');
      text.append((permissions & 1) != 0 ? 'x' : '-');
    }
    return Optional.of(text.toString());
  }

  private static String whom(short tag) {
    return switch (tag) {
      case 1 -> "user::";
      case 2 -> "user:%d:";
      case 4 -> "group::";
      case 8 -> "group:%d:";
      case 16 -> "mask::";
      case 32 -> "other::";
      default -> "";
    };
  }
}
