package dev.longshore.engine.content;

import java.util.Arrays;

/// Bytes somewhere in an array that is another's.
///
/// @param bytes the array; to be read only
/// @param offset where the first of them is
/// @param length how many there are
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ByteSpan(byte[] bytes, int offset, int length) {
  /// A whole array.
  public static ByteSpan of(byte[] bytes) {
    return new ByteSpan(bytes, 0, bytes.length);
  }

  /// A copy in an array of its own.
  public byte[] toArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
