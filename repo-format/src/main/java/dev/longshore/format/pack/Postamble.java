package dev.longshore.format.pack;

import dev.longshore.format.error.CorruptException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/// The last bytes of a pack: where its local index is.
///
/// | part | bytes |
/// |---|---|
/// | version 1 | uvarint |
/// | length of the IV, the IV (full hash of the plain local index) | uvarint, 16, 28 or 32 |
/// | offset of the local index in the pack | uvarint |
/// | stored length of the local index | uvarint |
/// | CRC32 (IEEE) of all before | 4, big-endian |
/// | number of bytes before this one | 1 |
///
/// Checksummed, not authenticated: the local index itself is.
///
/// Source: kopia 4ebb2be6c `repo/content/content_index_recovery.go`.
public final class Postamble {
  private static final int VERSION = 1;
  private static final int CRC_BYTES = 4;
  private static final int MAX_LENGTH = 255;

  private final byte[] iv;
  private final long localIndexOffset;
  private final int localIndexLength;

  /// @param iv of the local index; copied
  /// @throws IllegalArgumentException if the postamble would be longer than its length byte can say
  public Postamble(byte[] iv, long localIndexOffset, int localIndexLength) {
    if (iv.length > 128 || localIndexOffset < 0 || localIndexLength < 0) {
      throw new IllegalArgumentException(
          "postamble: iv of "
              + iv.length
              + " bytes, "
              + localIndexOffset
              + ", "
              + localIndexLength);
    }
    this.iv = iv.clone();
    this.localIndexOffset = localIndexOffset;
    this.localIndexLength = localIndexLength;
  }

  /// A copy of the local index's IV.
  public byte[] iv() {
    return iv.clone();
  }

  /// Where the sealed local index begins in the pack.
  public long localIndexOffset() {
    return localIndexOffset;
  }

  /// Bytes of the sealed local index.
  public int localIndexLength() {
    return localIndexLength;
  }

  /// The bytes, with the length byte.
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(MAX_LENGTH + 1);
    putUvarint(out, VERSION);
    putUvarint(out, iv.length);
    out.put(iv);
    putUvarint(out, localIndexOffset);
    putUvarint(out, localIndexLength);
    out.putInt(crc(out.array(), 0, out.position()));
    out.put((byte) out.position());
    return Arrays.copyOf(out.array(), out.position());
  }

  /// Reads the postamble at the end of a pack; empty if there is none.
  ///
  /// @param tail the last bytes of the pack, or all of it
  /// @param packLength length of the whole pack; bounds the local index
  /// @throws CorruptException if the checksum is right but what it covers is not a postamble, or
  ///   the local index would lie outside the pack
  public static Optional<Postamble> find(byte[] tail, long packLength) throws CorruptException {
    int end = tail.length - 1;
    int length = end < 0 ? 0 : tail[end] & 0xff;
    if (length <= CRC_BYTES || length > end) {
      return Optional.empty();
    }
    int crcAt = end - CRC_BYTES;
    ByteBuffer in = ByteBuffer.wrap(tail, end - length, length - CRC_BYTES);
    if (ByteBuffer.wrap(tail).getInt(crcAt) != crc(tail, end - length, length - CRC_BYTES)) {
      return Optional.empty();
    }
    if (uvarint(in) != VERSION) {
      return Optional.empty();
    }
    long ivLength = uvarint(in);
    if (ivLength < 0 || ivLength > Math.min(in.remaining(), 128)) {
      throw new CorruptException("postamble", -1, "IV of " + ivLength + " bytes does not fit");
    }
    byte[] iv = new byte[(int) ivLength];
    in.get(iv);
    long offset = uvarint(in);
    long indexLength = uvarint(in);
    if (offset < 0
        || indexLength < 0
        || indexLength > Integer.MAX_VALUE
        || offset > packLength - indexLength - length - 1) {
      throw new CorruptException(
          "postamble",
          -1,
          "local index at %d, %d bytes, is outside the pack of %d"
              .formatted(offset, indexLength, packLength));
    }
    return Optional.of(new Postamble(iv, offset, (int) indexLength));
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private static void putUvarint(ByteBuffer out, long value) {
    for (; (value & ~0x7fL) != 0; value >>>= 7) {
      out.put((byte) (value | 0x80));
    }
    out.put((byte) value);
  }

  /// Reads an unsigned LEB128 number of 63 bits at most.
  private static long uvarint(ByteBuffer in) throws CorruptException {
    long value = 0;
    for (int shift = 0; shift < 63 && in.hasRemaining(); shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new CorruptException("postamble", -1, "a number ends early or is too large");
  }
}
