package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/// S2 stream: Snappy's framing with larger blocks ([S2BlockDecoder] has their format).
///
/// | offset | length | type | meaning |
/// | --- | --- | --- | --- |
/// | 0 | 1 | byte | type: 0 compressed, 1 as it is, 0xff identifier; 0x80 to 0xfe are skipped |
/// | 1 | 3 | integer, little-endian | length of what follows |
/// | 4 | 4 | integer, little-endian | masked CRC-32C of the plain bytes, in types 0 and 1 |
/// | 8 | 1 to 4 | variable-length integer | plain length, in type 0 |
/// | then | rest | bytes | the block |
///
/// A stream begins with an identifier, `S2sTwO` or Snappy's `sNaPpY`; a stream of nothing has no
/// bytes at all.
///
/// Source: `repo/compression/compressor_s2.go`, commit 4ebb2be6c, with `klauspost/compress/s2`.
final class S2Compressor extends StreamCompressor {
  static final S2Compressor FAST = new S2Compressor(FastS2Search::new);
  static final S2Compressor BETTER = new S2Compressor(BetterS2Search::new);

  private static final int COMPRESSED = 0x00;
  private static final int RAW = 0x01;
  private static final int FIRST_SKIPPABLE = 0x80;
  private static final int IDENTIFIER = 0xff;
  private static final byte[] S2_MAGIC = {'S', '2', 's', 'T', 'w', 'O'};
  private static final byte[] SNAPPY_MAGIC = {'s', 'N', 'a', 'P', 'p', 'Y'};

  private static final int HEADER_BYTES = 4;
  private static final int CHECKSUM_BYTES = 4;

  /// Readers refuse larger ones.
  private static final int MAX_BLOCK_BYTES = 4 << 20;

  private final Pool<S2Search> searches;

  private S2Compressor(Supplier<S2Search> search) {
    super("s2 stream");
    searches = new Pool<>(search, idle -> {});
  }

  @Override
  int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    int end = outOffset + outLength;
    int at = outOffset;
    if (length > 0) {
      if (outLength < HEADER_BYTES + S2_MAGIC.length) {
        return -1;
      }
      putHeader(out, at, IDENTIFIER, S2_MAGIC.length);
      System.arraycopy(S2_MAGIC, 0, out, at + HEADER_BYTES, S2_MAGIC.length);
      at += HEADER_BYTES + S2_MAGIC.length;
    }
    for (int done = 0; done < length; done += MAX_BLOCK_BYTES) {
      int blockLength = Math.min(MAX_BLOCK_BYTES, length - done);
      at = encodeChunk(in, offset + done, blockLength, out, at, end);
      if (at < 0) {
        return -1;
      }
    }
    return at - outOffset;
  }

  /// Returns where the chunk ends in `out`, or -1 if that is behind `end`.
  private int encodeChunk(byte[] in, int offset, int length, byte[] out, int at, int end) {
    int body = at + HEADER_BYTES + CHECKSUM_BYTES;
    int bodyEnd = encodeBody(in, offset, length, out, body, Math.min(end, body + length));
    int type = COMPRESSED;
    if (bodyEnd < 0) {
      bodyEnd = body + length;
      if (bodyEnd > end) {
        return -1;
      }
      type = RAW;
      System.arraycopy(in, offset, out, body, length);
    }
    putHeader(out, at, type, CHECKSUM_BYTES + bodyEnd - body);
    LittleEndian.putInt(out, at + HEADER_BYTES, maskedCrc(in, offset, length));
    return bodyEnd;
  }

  /// Returns where the block ends in `out`, or -1 if that is behind `end`.
  private int encodeBody(byte[] in, int offset, int length, byte[] out, int at, int end) {
    int blockAt = at;
    int rest = length;
    while (rest >= 0x80) {
      if (blockAt >= end) {
        return -1;
      }
      out[blockAt++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    if (blockAt >= end) {
      return -1;
    }
    out[blockAt++] = (byte) rest;
    S2BlockWriter writer = new S2BlockWriter(in, out, blockAt, end);
    S2Search search = searches.take();
    boolean fits = search.encode(in, offset, length, writer);
    searches.give(search);
    return fits ? writer.at() : -1;
  }

  private static void putHeader(byte[] out, int at, int type, int length) {
    LittleEndian.putInt(out, at, (length << 8) | type);
  }

  @Override
  void decode(StreamReader in, PlainBuffer out) throws CorruptException {
    boolean identified = false;
    while (in.left() > 0) {
      int type = in.readByte();
      int length = in.readMedium();
      if (!identified && type != IDENTIFIER) {
        throw in.corrupt("expected a stream identifier, found chunk type " + type);
      }
      switch (type) {
        case COMPRESSED -> decodeCompressed(in, length, out);
        case RAW -> decodeRaw(in, length, out);
        case IDENTIFIER -> {
          checkIdentifier(in, length);
          identified = true;
        }
        default -> {
          if (type < FIRST_SKIPPABLE) {
            throw in.corrupt("unknown chunk type " + type);
          }
          in.take(length);
        }
      }
    }
  }

  private static void decodeCompressed(StreamReader in, int length, PlainBuffer out)
      throws CorruptException {
    int end = in.at() + length;
    int crc = in.readInt();
    int plainLength = readPlainLength(in);
    int blockLength = end - in.at();
    int from = in.take(blockLength);
    if (plainLength > out.allowed()) {
      throw out.tooLong();
    }
    out.growBy(plainLength);
    int start = out.at();
    int problem =
        S2BlockDecoder.decode(in.bytes(), from, blockLength, out.bytes(), start, plainLength);
    if (problem >= 0) {
      throw in.corrupt("block is damaged " + (from + blockLength - problem) + " bytes before");
    }
    out.advance(plainLength);
    checkCrc(in, crc, out, start);
  }

  private static int readPlainLength(StreamReader in) throws CorruptException {
    long length = 0;
    int part;
    int shift = 0;
    do {
      part = in.readByte();
      length |= (long) (part & 0x7f) << shift;
      shift += 7;
    } while (part >= 0x80 && shift < 35);
    if (part >= 0x80 || length > MAX_BLOCK_BYTES) {
      throw in.corrupt("block of " + length + " plain bytes, at most 4 MiB are allowed");
    }
    return (int) length;
  }

  private static void decodeRaw(StreamReader in, int length, PlainBuffer out)
      throws CorruptException {
    int crc = in.readInt();
    int plainLength = length - CHECKSUM_BYTES;
    int from = in.take(plainLength);
    if (plainLength > MAX_BLOCK_BYTES) {
      throw in.corrupt("block of " + plainLength + " bytes, at most 4 MiB are allowed");
    }
    int start = out.at();
    out.append(in.bytes(), from, plainLength);
    checkCrc(in, crc, out, start);
  }

  private static void checkCrc(StreamReader in, int crc, PlainBuffer out, int start)
      throws CorruptException {
    if (crc != maskedCrc(out.bytes(), start, out.at() - start)) {
      throw in.corrupt("a block's checksum is not that of its plain bytes");
    }
  }

  private static void checkIdentifier(StreamReader in, int length) throws CorruptException {
    int from = in.take(length);
    byte[] found = Arrays.copyOfRange(in.bytes(), from, from + length);
    if (!Arrays.equals(found, S2_MAGIC) && !Arrays.equals(found, SNAPPY_MAGIC)) {
      throw in.corrupt("unknown stream identifier");
    }
  }

  /// CRC-32C as Snappy masks it, so that a checksum over data with checksums in them is not
  /// degenerate.
  private static int maskedCrc(byte[] data, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(data, offset, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }
}
