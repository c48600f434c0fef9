package dev.longshore.crypto.cipher;

import java.util.Objects;

/// A part of a borrowed array, checked to lie inside it.
final class Range {
  final byte[] bytes;
  final int offset;
  final int length;

  /// @throws IndexOutOfBoundsException if the part leaves the array
  Range(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }
}
