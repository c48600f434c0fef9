package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.Arrays;

/// Where a decoder puts the plain bytes, and the guard over how many there may be.
///
/// A claimed length is only believed, that is allocated at once, up to the size of the largest
/// chunk that a splitter makes or where the stream is long enough to make it likely; beyond that
/// the array grows as bytes really come. A caller's array does not grow. Not thread-safe.
final class PlainBuffer {
  /// The largest chunk of any splitter: every honest content fits without growing.
  private static final int BELIEVED_BYTES = 16 << 20;

  private static final int BELIEVED_RATIO = 64;
  private static final int FIRST_GUESS_BYTES = 4 << 10;
  private static final int FIRST_GUESS_RATIO = 4;

  private final String what;
  private final boolean exact;

  /// The part of the array that is used.
  private final int start;

  private final int limit;

  private byte[] bytes;

  /// The end of what may be written before the array grows.
  private int end;

  private int at;

  private PlainBuffer(String what, int limit, boolean exact, long capacity) {
    if (limit < 0) {
      throw new IllegalArgumentException("negative length: " + limit);
    }
    this.what = what;
    this.exact = exact;
    this.start = 0;
    this.limit = limit;
    this.bytes = new byte[(int) Math.min(limit, capacity)];
    this.end = bytes.length;
  }

  private PlainBuffer(String what, byte[] bytes, int offset, int length) {
    this.what = what;
    this.exact = true;
    this.start = offset;
    this.limit = offset + length;
    this.bytes = bytes;
    this.end = limit;
    this.at = offset;
  }

  /// A buffer for exactly `plainLength` bytes.
  ///
  /// @param what the stream, for messages
  static PlainBuffer exactly(int plainLength, int streamLength, String what) {
    long believed = Math.max(BELIEVED_BYTES, (long) BELIEVED_RATIO * streamLength);
    return new PlainBuffer(what, plainLength, true, believed);
  }

  /// A buffer for any number of bytes up to `maxPlainLength`.
  static PlainBuffer atMost(int maxPlainLength, int streamLength, String what) {
    long guess = Math.max(FIRST_GUESS_BYTES, (long) FIRST_GUESS_RATIO * streamLength);
    return new PlainBuffer(what, maxPlainLength, false, guess);
  }

  /// A buffer for exactly `length` bytes of a caller's array; the range has been checked.
  static PlainBuffer in(byte[] bytes, int offset, int length, String what) {
    return new PlainBuffer(what, bytes, offset, length);
  }

  /// The array, which is in use up to [#at]; growing replaces it.
  byte[] bytes() {
    return bytes;
  }

  /// The index in the array of the next byte.
  int at() {
    return at;
  }

  /// How many more bytes the array takes.
  int room() {
    return end - at;
  }

  /// How many more bytes there may be.
  int allowed() {
    return limit - at;
  }

  /// Makes the array take more than it does now.
  ///
  /// @throws CorruptException if there may be no more bytes than it takes already
  void growSome() throws CorruptException {
    growTo(end + 1L);
  }

  /// Makes room for that many more bytes.
  ///
  /// @throws CorruptException if there may not be so many
  void growBy(int more) throws CorruptException {
    if (more > room()) {
      growTo((long) at + more);
    }
  }

  private void growTo(long least) throws CorruptException {
    if (least > limit) {
      throw tooLong();
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(least, 2L * end)));
    end = bytes.length;
  }

  /// Counts bytes that have been written to the array from [#at] on.
  void advance(int written) {
    at += written;
  }

  /// Copies bytes from a stream that holds them as they are.
  void append(byte[] in, int offset, int count) throws CorruptException {
    growBy(count);
    System.arraycopy(in, offset, bytes, at, count);
    at += count;
  }

  CorruptException tooLong() {
    return new CorruptException(
        what,
        -1,
        "expected " + (exact ? "" : "at most ") + (limit - start) + " plain bytes, found more");
  }

  /// The bytes, as an array of just their length.
  ///
  /// @throws CorruptException if there are fewer than expected
  byte[] finish() throws CorruptException {
    checkComplete();
    return at == bytes.length ? bytes : Arrays.copyOf(bytes, at);
  }

  /// Checks that a buffer for an exact number of bytes is full.
  ///
  /// @throws CorruptException if there are fewer
  void checkComplete() throws CorruptException {
    if (exact && at != limit) {
      throw new CorruptException(
          what, -1, "expected " + (limit - start) + " plain bytes, found " + (at - start));
    }
  }
}
