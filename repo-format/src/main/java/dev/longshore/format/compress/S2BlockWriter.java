package dev.longshore.format.compress;

/// Writes the elements of one S2 block ([S2BlockDecoder]), each in its shortest form. Not
/// thread-safe.
final class S2BlockWriter {
  /// The most that a copy takes: a far copy and a repeat of its rest.
  private static final int MAX_COPY_BYTES = 10;

  private static final int SHORT_DISTANCE = 1 << 11;
  private static final int NEAR_DISTANCE = 1 << 16;
  private static final int MAX_COPY_LENGTH = 64;

  private final byte[] in;
  private final byte[] out;
  private final int end;
  private int at;

  /// The distance of the last copy; 0 before the first.
  private int lastDistance;

  /// @param in the plain bytes, of which literals are taken
  /// @param end where in `out` the block must have ended at the latest
  S2BlockWriter(byte[] in, byte[] out, int at, int end) {
    this.in = in;
    this.out = out;
    this.at = at;
    this.end = end;
  }

  /// The index in `out` of the next byte.
  int at() {
    return at;
  }

  /// Writes `in[from..to)` as it is.
  ///
  /// @return false if there is no room for it
  boolean literal(int from, int to) {
    int length = to - from;
    if (length == 0) {
      return true;
    }
    int number = length - 1;
    int bytes = number < 60 ? 0 : (39 - Integer.numberOfLeadingZeros(number)) / 8;
    if (end - at < 1 + bytes + length) {
      return false;
    }
    put(((bytes == 0 ? number : 59 + bytes) << 2) | S2BlockDecoder.LITERAL);
    putNumber(number, bytes);
    System.arraycopy(in, from, out, at, length);
    at += length;
    return true;
  }

  /// Writes a copy.
  ///
  /// @param distance how far back, at least 1
  /// @param length at least 4
  /// @return false if there may be no room for it
  boolean copy(int distance, int length) {
    if (end - at < MAX_COPY_BYTES) {
      return false;
    }
    if (distance == lastDistance) {
      repeat(length);
      return true;
    }
    lastDistance = distance;
    if (length > MAX_COPY_LENGTH) {
      // What is left for the repeat must not be too short for one.
      int first = distance < SHORT_DISTANCE ? 8 : 60;
      copyOnce(distance, first);
      repeat(length - first);
    } else {
      copyOnce(distance, length);
    }
    return true;
  }

  private void copyOnce(int distance, int length) {
    if (distance < SHORT_DISTANCE && length < 12) {
      shortCopy(distance, length);
    } else if (distance < NEAR_DISTANCE) {
      put(((length - 1) << 2) | S2BlockDecoder.COPY);
      putNumber(distance, 2);
    } else {
      put(((length - 1) << 2) | S2BlockDecoder.FAR_COPY);
      putNumber(distance, 4);
    }
  }

  private void shortCopy(int distance, int length) {
    put(((distance >>> 8) << 5) | ((length - 4) << 2) | S2BlockDecoder.SHORT_COPY);
    put(distance);
  }

  private void repeat(int length) {
    if (length < 9) {
      putRepeat(length - 4);
    } else if (length < 12 && lastDistance < SHORT_DISTANCE) {
      shortCopy(lastDistance, length);
    } else if (length < 8 + (1 << 8)) {
      putRepeat(5);
      put(length - 8);
    } else if (length < 260 + (1 << 16)) {
      putRepeat(6);
      putNumber(length - 260, 2);
    } else {
      // Three bytes hold any length: blocks have at most 4 MiB.
      putRepeat(7);
      putNumber(length - 65_540, 3);
    }
  }

  private void putRepeat(int code) {
    put((code << 2) | S2BlockDecoder.SHORT_COPY);
    put(0);
  }

  private void put(int value) {
    out[at++] = (byte) value;
  }

  private void putNumber(int number, int bytes) {
    for (int i = 0; i < bytes; i++) {
      put(number >>> (8 * i));
    }
  }
}
