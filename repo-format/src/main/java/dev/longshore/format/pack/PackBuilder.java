package dev.longshore.format.pack;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.seal.SealedLocalIndex;
import dev.longshore.format.session.SessionId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// Lays out one pack in memory.
///
/// Layout: format copy (may be empty), 32 random bytes, sealed contents back to back, 1..4096
/// random bytes up to a multiple of 4096, sealed local index, [Postamble].
///
/// The buffer is handed out with the finished pack, and may be given back for a later one. Not
/// thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/content/content_manager.go`.
public final class PackBuilder {
  /// First letter of packs of contents without prefix.
  public static final String DATA_PREFIX = "p";

  /// First letter of packs of contents with a prefix.
  public static final String METADATA_PREFIX = "q";

  /// Bytes a pack may have at most: index 2 addresses contents with 30 bits.
  public static final int MAX_LENGTH = 1 << 30;

  private static final int PREAMBLE_BYTES = 32;
  private static final int ALIGNMENT = 4096;
  private static final int INITIAL_CAPACITY = 64 << 10;

  /// From here on the buffer grows to what a pack takes in the end, at once.
  private static final int LARGE_CAPACITY = 1 << 20;

  private static final byte[] NO_BUFFER = new byte[0];

  private final byte[] formatCopy;
  private final RandomGenerator random;
  private final int expectedLength;
  private byte[] buffer = NO_BUFFER;
  private int length;
  private int contentsOffset;
  private boolean finished;

  /// @param formatCopy [FormatCopy#encode], or empty; copied
  /// @param random of the preamble and the padding
  /// @param expectedLength how many bytes a pack has in the end, about
  public PackBuilder(byte[] formatCopy, RandomGenerator random, int expectedLength) {
    this.formatCopy = formatCopy.clone();
    this.random = random;
    this.expectedLength = expectedLength;
    reset(NO_BUFFER);
  }

  /// A new name for a pack: prefix, 16 random bytes in hex, dash, session.
  public static BlobId newBlobId(String prefix, RandomGenerator random, SessionId session) {
    byte[] name = new byte[16];
    random.nextBytes(name);
    return new BlobId(prefix + HexFormat.of().formatHex(name) + "-" + session);
  }

  /// Starts the next pack; it is empty.
  ///
  /// @param array to lay it out in, of any length; the builder's until the pack is finished
  public void reset(byte[] array) {
    buffer = array;
    length = 0;
    finished = false;
    put(formatCopy, 0, formatCopy.length);
    putRandom(PREAMBLE_BYTES);
    contentsOffset = length;
  }

  /// Tells whether no content was appended.
  public boolean isEmpty() {
    return length == contentsOffset;
  }

  /// Bytes so far, format copy and preamble included: to be compared with the format's
  /// `maxPackSize`.
  public int length() {
    return length;
  }

  /// Appends a sealed content.
  ///
  /// @return its offset in the pack
  /// @throws IllegalStateException if the pack is finished, or would exceed [#MAX_LENGTH]
  public int append(byte[] sealed, int offset, int sealedLength) {
    checkOpen();
    int at = length;
    put(sealed, offset, sealedLength);
    return at;
  }

  /// A copy of bytes appended before, for reading a content before its pack is written.
  public byte[] read(int offset, int bytes) {
    Objects.checkFromIndexSize(offset, bytes, length);
    return Arrays.copyOfRange(buffer, offset, offset + bytes);
  }

  /// Ends the pack with its local index and hands over all its bytes, at the start of an array that
  /// may be longer. Only [#reset] may follow.
  public ByteBuffer finish(SealedLocalIndex localIndex) {
    checkOpen();
    finished = true;
    putRandom(ALIGNMENT - length % ALIGNMENT);
    Postamble postamble = new Postamble(localIndex.iv(), length, localIndex.bytes().length);
    put(localIndex.bytes(), 0, localIndex.bytes().length);
    byte[] end = postamble.encode();
    put(end, 0, end.length);
    ByteBuffer pack = ByteBuffer.wrap(buffer, 0, length);
    buffer = NO_BUFFER;
    return pack;
  }

  private void checkOpen() {
    if (finished) {
      throw new IllegalStateException("the pack is finished");
    }
  }

  private void put(byte[] bytes, int offset, int count) {
    int at = reserve(count);
    System.arraycopy(bytes, offset, buffer, at, count);
  }

  private void putRandom(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    put(bytes, 0, count);
  }

  private int reserve(int count) {
    int at = length;
    int end = Math.addExact(at, count);
    if (end > MAX_LENGTH) {
      throw new IllegalStateException("pack of " + end + " bytes");
    }
    if (end > buffer.length) {
      buffer = Arrays.copyOf(buffer, capacityFor(end));
    }
    length = end;
    return at;
  }

  private int capacityFor(int end) {
    if (end <= LARGE_CAPACITY) {
      return Math.max(INITIAL_CAPACITY, Integer.highestOneBit(end - 1) * 2);
    }
    // The last content and the local index go beyond the length that ends a pack.
    long full = expectedLength + expectedLength / 8L;
    return Math.clamp(Math.max(full, end + end / 8L), end, MAX_LENGTH);
  }
}
