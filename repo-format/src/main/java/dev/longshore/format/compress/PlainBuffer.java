package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.Arrays;

/// Where a decoder puts the plain bytes, and the guard over how many there may be.
///
/// A claimed length is only believed, that is allocated at once, up to the size of the largest
/// chunk that a splitter makes or where the stream is long enough to make it likely; beyond that
/// the array grows as bytes really come. Not thread-safe.
final class PlainBuffer {
  /// The largest chunk of any splitter: every honest content fits without growing.
  private static final int BELIEVED_BYTES = 16 << 20;

  private static final int BELIEVED_RATIO = 64;
  private static final int FIRST_GUESS_BYTES = 4 << 10;
  private static final int FIRST_GUESS_RATIO = 4;

  private final String what;
  private final int limit;
  private final boolean exact;
  private byte[] bytes;
  private int length;

  private PlainBuffer(String what, int limit, boolean exact, long capacity) {
    if (limit < 0) {
      throw new IllegalArgumentException("negative length: " + limit);
    }
    this.what = what;
    this.limit = limit;
    this.exact = exact;
    this.bytes = new byte[(int) Math.min(limit, capacity)];
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

  /// The array, of which [#length] bytes are in use; growing replaces it.
  byte[] bytes() {
    return bytes;
  }

  /// How many bytes there are.
  int length() {
    return length;
  }

  /// How many more bytes the array takes.
  int room() {
    return bytes.length - length;
  }

  /// How many more bytes there may be.
  int allowed() {
    return limit - length;
  }

  /// Makes the array take more than it does now.
  ///
  /// @throws CorruptException if there may be no more bytes than it takes already
  void growSome() throws CorruptException {
    growTo(bytes.length + 1L);
  }

  /// Makes room for that many more bytes.
  ///
  /// @throws CorruptException if there may not be so many
  void growBy(int more) throws CorruptException {
    if (more > room()) {
      growTo((long) length + more);
    }
  }

  private void growTo(long least) throws CorruptException {
    if (least > limit) {
      throw tooLong();
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(least, 2L * bytes.length)));
  }

  /// Counts bytes that have been written to the array behind [#length].
  void advance(int written) {
    length += written;
  }

  /// Copies bytes from a stream that holds them as they are.
  void append(byte[] in, int offset, int count) throws CorruptException {
    growBy(count);
    System.arraycopy(in, offset, bytes, length, count);
    length += count;
  }

  CorruptException tooLong() {
    return new CorruptException(
        what, -1, "expected " + (exact ? "" : "at most ") + limit + " plain bytes, found more");
  }

  /// The bytes, as an array of just their length.
  ///
  /// @throws CorruptException if there are fewer than expected
  byte[] finish() throws CorruptException {
    if (exact && length != limit) {
      throw new CorruptException(what, -1, "expected " + limit + " plain bytes, found " + length);
    }
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
