package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/// LZ4 frame, as Kopia wrote it up to 0.22: independent blocks of up to 4 MiB and a checksum over
/// all.
///
/// | offset | length | type | meaning |
/// | --- | --- | --- | --- |
/// | 0 | 4 | integer, little-endian | magic number 0x184D2204 |
/// | 4 | 1 | bits | version 1, independent blocks, which checksums and whether a length follow |
/// | 5 | 1 | bits | largest block |
/// | 6 | 0 or 8 | integer, little-endian | plain length |
/// | 6 or 14 | 1 | byte | checksum of the bytes from 4 on |
/// | then | any | blocks | stored length (high bit: not compressed), bytes, optional checksum |
/// | then | 4 or 8 | integer, little-endian | 0, then the checksum of the plain bytes, if there is one |
///
/// Reads several frames and skippable ones. Blocks that depend on each other and dictionaries are
/// refused: no version of Kopia read or wrote them.
///
/// Source: `repo/compression/compressor_lz4.go`, tag v0.22.3, with `pierrec/lz4` 2.6.1.
final class Lz4Compressor extends StreamCompressor {
  private static final int FRAME_MAGIC = 0x184D2204;
  private static final int SKIPPABLE_MAGIC = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;

  private static final int VERSION = 1 << 6;
  private static final int VERSION_MASK = 3 << 6;
  private static final int INDEPENDENT_FLAG = 1 << 5;
  private static final int BLOCK_CHECKSUM_FLAG = 1 << 4;
  private static final int LENGTH_FLAG = 1 << 3;
  private static final int CHECKSUM_FLAG = 1 << 2;
  private static final int RESERVED_FLAG = 1 << 1;
  private static final int DICTIONARY_FLAG = 1;

  /// The code of 4 MiB blocks; each smaller one is a quarter, down to 64 KiB.
  private static final int LARGEST_BLOCK = 7;

  private static final int SMALLEST_BLOCK = 4;
  private static final int MAX_BLOCK_BYTES = 4 << 20;

  private static final int RAW_FLAG = 1 << 31;
  private static final int MAX_RATIO = 255;

  private static final int HEADER_BYTES = 7;
  private static final int TRAILER_BYTES = 8;

  /// The library looks for its native code when it is first asked.
  private static final class Library {
    static final LZ4Factory LZ4 = LZ4Factory.fastestInstance();
    static final XXHash32 XXHASH = XXHashFactory.fastestInstance().hash32();

    private Library() {}
  }

  Lz4Compressor() {
    super("lz4 stream");
  }

  @Override
  int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    int end = outOffset + outLength;
    if (outLength < HEADER_BYTES + TRAILER_BYTES) {
      return -1;
    }
    LittleEndian.putInt(out, outOffset, FRAME_MAGIC);
    out[outOffset + 4] = VERSION | INDEPENDENT_FLAG | CHECKSUM_FLAG;
    out[outOffset + 5] = LARGEST_BLOCK << 4;
    out[outOffset + 6] = (byte) headerChecksum(out, outOffset + 4, 2);
    int at = outOffset + HEADER_BYTES;
    for (int done = 0; done < length; done += MAX_BLOCK_BYTES) {
      int blockLength = Math.min(MAX_BLOCK_BYTES, length - done);
      at = encodeBlock(in, offset + done, blockLength, out, at, end - TRAILER_BYTES);
      if (at < 0) {
        return -1;
      }
    }
    LittleEndian.putInt(out, at, 0);
    LittleEndian.putInt(out, at + 4, xxHash(in, offset, length));
    return at + TRAILER_BYTES - outOffset;
  }

  /// Returns where the block ends in `out`, or -1 if that is behind `end`.
  private static int encodeBlock(byte[] in, int offset, int length, byte[] out, int at, int end) {
    int room = Math.min(end - at - 4, length - 1);
    if (room > 0) {
      try {
        int stored = Library.LZ4.fastCompressor().compress(in, offset, length, out, at + 4, room);
        LittleEndian.putInt(out, at, stored);
        return at + 4 + stored;
      } catch (LZ4Exception e) {
        // Does not fit: the library has no other way to say so.
      }
    }
    if (end - at - 4 < length) {
      return -1;
    }
    LittleEndian.putInt(out, at, length | RAW_FLAG);
    System.arraycopy(in, offset, out, at + 4, length);
    return at + 4 + length;
  }

  @Override
  void decode(StreamReader in, PlainBuffer out) throws CorruptException {
    while (in.left() > 0) {
      int magic = in.readInt();
      if (magic == FRAME_MAGIC) {
        decodeFrame(in, out);
      } else if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
        in.take(in.readInt());
      } else {
        throw in.corrupt(String.format("no frame begins with %08x", magic));
      }
    }
  }

  private static void decodeFrame(StreamReader in, PlainBuffer out) throws CorruptException {
    int header = in.at();
    int flags = in.readByte();
    if ((flags & VERSION_MASK) != VERSION
        || (flags & INDEPENDENT_FLAG) == 0
        || (flags & (RESERVED_FLAG | DICTIONARY_FLAG)) != 0) {
      throw in.corrupt(String.format("unknown frame flags %#x", flags));
    }
    int blockCode = in.readByte() >>> 4;
    if (blockCode < SMALLEST_BLOCK || blockCode > LARGEST_BLOCK) {
      throw in.corrupt("unknown block size " + blockCode);
    }
    int maxBlockBytes = MAX_BLOCK_BYTES >>> (2 * (LARGEST_BLOCK - blockCode));
    long plainLength = (flags & LENGTH_FLAG) != 0 ? in.readLong() : -1;
    int headerChecksum = headerChecksum(in.bytes(), header, in.at() - header);
    if (in.readByte() != headerChecksum) {
      throw in.corrupt("the frame header's checksum does not match");
    }
    int start = out.at();
    for (int stored = in.readInt(); stored != 0; stored = in.readInt()) {
      decodeBlock(in, stored, maxBlockBytes, out);
      if ((flags & BLOCK_CHECKSUM_FLAG) != 0) {
        // Authenticated encryption and the checksum of the plain bytes cover what this one does.
        in.readInt();
      }
    }
    int length = out.at() - start;
    if ((flags & CHECKSUM_FLAG) != 0 && in.readInt() != xxHash(out.bytes(), start, length)) {
      throw in.corrupt("the checksum is not that of the plain bytes");
    }
    if ((flags & LENGTH_FLAG) != 0 && plainLength != length) {
      throw in.corrupt("expected " + plainLength + " plain bytes, found " + length);
    }
  }

  private static void decodeBlock(StreamReader in, int stored, int maxBlockBytes, PlainBuffer out)
      throws CorruptException {
    int length = stored & ~RAW_FLAG;
    int from = in.take(length);
    if (length > maxBlockBytes) {
      throw in.corrupt("block of " + length + " bytes, at most " + maxBlockBytes + " are allowed");
    }
    if ((stored & RAW_FLAG) != 0) {
      out.append(in.bytes(), from, length);
      return;
    }
    int most = (int) Math.min(maxBlockBytes, (long) MAX_RATIO * length);
    out.growBy(Math.min(most, out.allowed()));
    LZ4SafeDecompressor decompressor = Library.LZ4.safeDecompressor();
    try {
      int room = Math.min(most, out.room());
      out.advance(decompressor.decompress(in.bytes(), from, length, out.bytes(), out.at(), room));
    } catch (LZ4Exception e) {
      throw in.corrupt("block is damaged, or has more plain bytes than expected", e);
    }
  }

  private static int headerChecksum(byte[] bytes, int offset, int length) {
    return (xxHash(bytes, offset, length) >>> 8) & 0xff;
  }

  private static int xxHash(byte[] bytes, int offset, int length) {
    return Library.XXHASH.hash(bytes, offset, length, 0);
  }
}
