package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;

/// A place in a compressed stream, and checked reads of the little-endian numbers of its framing.
/// Not thread-safe.
final class StreamReader {
  private final byte[] bytes;
  private final int start;
  private final int end;
  private final String what;
  private int at;

  StreamReader(byte[] bytes, int offset, int length, String what) {
    this.bytes = bytes;
    this.start = offset;
    this.at = offset;
    this.end = offset + length;
    this.what = what;
  }

  /// The array that holds the stream; only to be read.
  byte[] bytes() {
    return bytes;
  }

  /// The index of the next byte in [#bytes].
  int at() {
    return at;
  }

  /// How many bytes are left.
  int left() {
    return end - at;
  }

  int readByte() throws CorruptException {
    return bytes[take(1)] & 0xff;
  }

  int readShort() throws CorruptException {
    int from = take(2);
    return (bytes[from] & 0xff) | ((bytes[from + 1] & 0xff) << 8);
  }

  int readMedium() throws CorruptException {
    return readShort() | (readByte() << 16);
  }

  int readInt() throws CorruptException {
    return readShort() | (readShort() << 16);
  }

  long readLong() throws CorruptException {
    return Integer.toUnsignedLong(readInt()) | ((long) readInt() << 32);
  }

  /// Takes the next `count` bytes.
  ///
  /// @return the index of the first of them in [#bytes]
  /// @throws CorruptException if there are fewer, or `count` is negative
  int take(int count) throws CorruptException {
    if (count < 0 || count > left()) {
      throw corrupt("expected " + Integer.toUnsignedString(count) + " bytes, found " + left());
    }
    int from = at;
    at += count;
    return from;
  }

  /// Takes all bytes up to and including the next one that is zero.
  void takeString() throws CorruptException {
    while (readByte() != 0) {
      // The name is of no use.
    }
  }

  /// Damage at the current place.
  CorruptException corrupt(String problem) {
    return new CorruptException(what, at - start, problem);
  }

  /// Damage that a library found behind the current place.
  CorruptException corrupt(String problem, Throwable cause) {
    return new CorruptException(what + " at byte " + (at - start), problem, cause);
  }
}
