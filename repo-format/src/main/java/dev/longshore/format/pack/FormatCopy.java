package dev.longshore.format.pack;

import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// The copy of `kopia.repository` that packs of a repository without password change carry.
///
/// `L(2, LE) || B || HMAC-SHA256("kopia-repository", B) || L(2, LE)`, where B is the blob's bytes
/// and `L = length(B) + 32`.
///
/// Source: kopia 4ebb2be6c `repo/format/format_blob.go`.
public final class FormatCopy {
  /// Bytes to read from each end of a pack to find a copy.
  public static final int SEARCH_BYTES = 65536;

  private static final int LENGTH_BYTES = 2;
  private static final int MAC_BYTES = 32;
  private static final int MAX_LENGTH = 65000;
  private static final byte[] MAC_KEY = "kopia-repository".getBytes(StandardCharsets.US_ASCII);

  private FormatCopy() {}

  /// The block to put at the start of a pack.
  ///
  /// @throws IllegalArgumentException if the blob is too long for a copy
  public static byte[] encode(byte[] formatBlob) {
    int length = formatBlob.length + MAC_BYTES;
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("format blob of " + formatBlob.length + " bytes");
    }
    ByteBuffer out = ByteBuffer.allocate(length + 2 * LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort((short) length).put(formatBlob);
    out.put(mac(formatBlob, 0, formatBlob.length)).putShort((short) length);
    return out.array();
  }

  /// The format blob at the very start of these bytes.
  public static Optional<byte[]> findAtStart(byte[] head) {
    return head.length < LENGTH_BYTES
        ? Optional.empty()
        : checked(head, LENGTH_BYTES, lengthAt(head, 0));
  }

  /// The format blob at the very end of these bytes.
  public static Optional<byte[]> findAtEnd(byte[] tail) {
    if (tail.length < LENGTH_BYTES) {
      return Optional.empty();
    }
    int end = tail.length - LENGTH_BYTES;
    int length = lengthAt(tail, end);
    return checked(tail, end - length, length);
  }

  private static int lengthAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  private static Optional<byte[]> checked(byte[] bytes, int start, int length) {
    if (start < 0 || length < MAC_BYTES || length > MAX_LENGTH || length > bytes.length - start) {
      return Optional.empty();
    }
    int macAt = start + length - MAC_BYTES;
    byte[] found = Arrays.copyOfRange(bytes, macAt, macAt + MAC_BYTES);
    return MessageDigest.isEqual(mac(bytes, start, macAt - start), found)
        ? Optional.of(Arrays.copyOfRange(bytes, start, macAt))
        : Optional.empty();
  }

  private static byte[] mac(byte[] bytes, int offset, int length) {
    return ContentHashers.keyed(HashAlgorithm.HMAC_SHA256, MAC_KEY)
        .hash(Arrays.copyOfRange(bytes, offset, offset + length));
  }
}
