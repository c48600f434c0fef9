package dev.longshore.format.pack;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.seal.SealedLocalIndex;
import dev.longshore.format.session.SessionId;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.random.RandomGenerator;

/// Lays out one pack in memory.
///
/// Layout: format copy (may be empty), 32 random bytes, sealed contents back to back, 1..4096
/// random bytes up to a multiple of 4096, sealed local index, [Postamble].
///
/// The buffer grows and is kept by [#reset]. Not thread-safe.
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

  private final byte[] formatCopy;
  private final RandomGenerator random;
  private byte[] buffer = new byte[INITIAL_CAPACITY];
  private int length;
  private int contentsOffset;
  private boolean finished;

  /// @param formatCopy [FormatCopy#encode], or empty; copied
  /// @param random of the preamble and the padding
  public PackBuilder(byte[] formatCopy, RandomGenerator random) {
    this.formatCopy = formatCopy.clone();
    this.random = random;
    reset();
  }

  /// A new name for a pack: prefix, 16 random bytes in hex, dash, session.
  public static BlobId newBlobId(String prefix, RandomGenerator random, SessionId session) {
    byte[] name = new byte[16];
    random.nextBytes(name);
    return new BlobId(prefix + HexFormat.of().formatHex(name) + "-" + session);
  }

  /// Starts the next pack; it is empty. The buffer keeps its size.
  public void reset() {
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

  /// Ends the pack with its local index and returns all its bytes. Only [#reset] may follow.
  public byte[] finish(SealedLocalIndex localIndex) {
    checkOpen();
    finished = true;
    putRandom(ALIGNMENT - length % ALIGNMENT);
    Postamble postamble = new Postamble(localIndex.iv(), length, localIndex.bytes().length);
    put(localIndex.bytes(), 0, localIndex.bytes().length);
    byte[] end = postamble.encode();
    put(end, 0, end.length);
    return Arrays.copyOf(buffer, length);
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
      buffer = Arrays.copyOf(buffer, Math.max(end, (int) Math.min(MAX_LENGTH, buffer.length * 2L)));
    }
    length = end;
    return at;
  }
}
