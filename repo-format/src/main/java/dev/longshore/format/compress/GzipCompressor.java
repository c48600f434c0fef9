package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.zip.CRC32;

/// gzip (RFC 1952): writes one member without name or time; reads one or more, with any optional
/// field.
final class GzipCompressor extends StreamCompressor {
  private static final int MAGIC = 0x8b1f;
  private static final int DEFLATE = 8;
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;

  private static final int HEADER_CRC_FLAG = 1 << 1;
  private static final int EXTRA_FLAG = 1 << 2;
  private static final int NAME_FLAG = 1 << 3;
  private static final int COMMENT_FLAG = 1 << 4;
  private static final int RESERVED_FLAGS = 0xe0;

  private final DeflateCompressor body;
  private final byte[] header;

  GzipCompressor(int level) {
    super("gzip stream");
    body = new DeflateCompressor(level);
    byte extraFlags = (byte) (level == 1 ? 4 : level == 9 ? 2 : 0);
    byte unknownSystem = (byte) 0xff;
    header = new byte[] {0x1f, (byte) 0x8b, DEFLATE, 0, 0, 0, 0, 0, extraFlags, unknownSystem};
  }

  @Override
  int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    int room = outLength - HEADER_BYTES - TRAILER_BYTES;
    if (room <= 0) {
      return -1;
    }
    System.arraycopy(header, 0, out, outOffset, HEADER_BYTES);
    int bodyLength = body.encode(in, offset, length, out, outOffset + HEADER_BYTES, room);
    if (bodyLength < 0) {
      return -1;
    }
    int trailer = outOffset + HEADER_BYTES + bodyLength;
    LittleEndian.putInt(out, trailer, crc32(in, offset, length));
    LittleEndian.putInt(out, trailer + 4, length);
    return HEADER_BYTES + bodyLength + TRAILER_BYTES;
  }

  @Override
  void decode(StreamReader in, PlainBuffer out) throws CorruptException {
    do {
      skipHeader(in);
      int start = out.at();
      DeflateCompressor.inflate(in, out);
      int length = out.at() - start;
      if (in.readInt() != crc32(out.bytes(), start, length)) {
        throw in.corrupt("the checksum is not that of the plain bytes");
      }
      if (in.readInt() != length) {
        throw in.corrupt("the length is not that of the plain bytes");
      }
    } while (in.left() > 0);
  }

  private static void skipHeader(StreamReader in) throws CorruptException {
    if (in.readShort() != MAGIC || in.readByte() != DEFLATE) {
      throw in.corrupt("no gzip header");
    }
    int flags = in.readByte();
    if ((flags & RESERVED_FLAGS) != 0) {
      throw in.corrupt(String.format("unknown flags %#x", flags));
    }
    in.take(HEADER_BYTES - 4);
    if ((flags & EXTRA_FLAG) != 0) {
      in.take(in.readShort());
    }
    if ((flags & NAME_FLAG) != 0) {
      in.takeString();
    }
    if ((flags & COMMENT_FLAG) != 0) {
      in.takeString();
    }
    if ((flags & HEADER_CRC_FLAG) != 0) {
      in.readShort();
    }
  }

  private static int crc32(byte[] data, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(data, offset, length);
    return (int) crc.getValue();
  }
}
