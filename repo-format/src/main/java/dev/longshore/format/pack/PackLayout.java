package dev.longshore.format.pack;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.seal.SealedLocalIndex;
import dev.longshore.format.session.SessionId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Where things are in one pack, which need not be in memory.
///
/// Layout: format copy (may be empty), 32 random bytes, sealed contents back to back, 1..4096
/// random bytes up to a multiple of 4096, sealed local index, [Postamble].
///
/// Not thread-safe. Source: kopia 4ebb2be6c `repo/content/content_manager.go`.
public final class PackLayout {
  /// First letter of packs of contents without prefix.
  public static final String DATA_PREFIX = "p";

  /// First letter of packs of contents with a prefix.
  public static final String METADATA_PREFIX = "q";

  /// Bytes a pack may have at most: index 2 addresses contents with 30 bits.
  public static final int MAX_LENGTH = 1 << 30;

  private static final int PREAMBLE_BYTES = 32;
  private static final int ALIGNMENT = 4096;

  private final RandomGenerator random;
  private final byte[] start;
  private int length;
  private boolean ended;

  /// @param formatCopy [FormatCopy#encode], or empty
  /// @param random of the preamble and the padding
  public PackLayout(byte[] formatCopy, RandomGenerator random) {
    this.random = random;
    this.start =
        ByteBuffer.allocate(formatCopy.length + PREAMBLE_BYTES)
            .put(formatCopy)
            .put(randomBytes(PREAMBLE_BYTES))
            .array();
    this.length = start.length;
  }

  /// A new name for a pack: prefix, 16 random bytes in hex, dash, session.
  public static BlobId newBlobId(String prefix, RandomGenerator random, SessionId session) {
    byte[] name = new byte[16];
    random.nextBytes(name);
    return new BlobId(prefix + HexFormat.of().formatHex(name) + "-" + session);
  }

  /// What a pack begins with, before its first content.
  public byte[] start() {
    return start.clone();
  }

  /// Tells whether there is no content yet.
  public boolean isEmpty() {
    return length == start.length;
  }

  /// Bytes so far, format copy and preamble included: to be compared with the format's
  /// `maxPackSize`.
  public int length() {
    return length;
  }

  /// Finds room for a sealed content.
  ///
  /// @return its offset in the pack
  /// @throws IllegalStateException if the pack has ended, or would exceed [#MAX_LENGTH]
  public int reserve(int sealedLength) {
    checkOpen();
    int at = length;
    int end = Math.addExact(at, sealedLength);
    if (end > MAX_LENGTH) {
      throw new IllegalStateException("pack of " + end + " bytes");
    }
    length = end;
    return at;
  }

  /// Ends the pack: what it has behind its last content, that is at the [#length] of before.
  ///
  /// @throws IllegalStateException if the pack has ended
  public byte[] end(SealedLocalIndex localIndex) {
    checkOpen();
    ended = true;
    byte[] padding = randomBytes(ALIGNMENT - length % ALIGNMENT);
    byte[] index = localIndex.bytes();
    byte[] postamble =
        new Postamble(localIndex.iv(), length + (long) padding.length, index.length).encode();
    byte[] end =
        ByteBuffer.allocate(padding.length + index.length + postamble.length)
            .put(padding)
            .put(index)
            .put(postamble)
            .array();
    length += end.length;
    return end;
  }

  private void checkOpen() {
    if (ended) {
      throw new IllegalStateException("the pack has ended");
    }
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
