package dev.longshore.format.compress;

/// The body of a compressed S2 chunk: literals, and copies of what has been decoded before.
///
/// | low 2 bits | element | length and offset |
/// | --- | --- | --- |
/// | 0 | literal | upper 6 bits + 1, or, from 60 on, 1 to 4 bytes that follow, + 1 |
/// | 1 | short copy | bits 2–4 + 4; bits 5–7 and one byte: 11 bits |
/// | 1, offset 0 | repeat | as short, with the last copy's offset; from 5 on see below |
/// | 2 | copy | upper 6 bits + 1; two bytes |
/// | 3 | far copy | upper 6 bits + 1; four bytes |
///
/// All numbers are little-endian. Lengths of repeats: code 0–4 is the length less 4; 5: one byte +
/// 8; 6: two bytes + 260; 7: three bytes + 65,540. A repeat cannot be the first copy of a block.
/// Without repeats it is a block of Snappy.
///
/// Source: `klauspost/compress/s2/decode_other.go`, which Kopia uses, as of commit 4ebb2be6c.
final class S2BlockDecoder {
  static final int LITERAL = 0;
  static final int SHORT_COPY = 1;
  static final int COPY = 2;
  static final int FAR_COPY = 3;

  /// No element's own bytes are more: tag and four bytes.
  private static final int MAX_ELEMENT_BYTES = 5;

  private S2BlockDecoder() {}

  /// Decodes a block into just the range that is given for it.
  ///
  /// One loop, although long, because the calls that would cut it up cost a third of its speed.
  ///
  /// @return -1 if all is well, else the index in `in` near which the block is damaged
  static int decode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    int end = offset + length;
    int outEnd = outOffset + outLength;
    int at = offset;
    int to = outOffset;
    int distance = 0;
    while (at < end) {
      int tag = in[at] & 0xff;
      int rest = end - at;
      if (rest < MAX_ELEMENT_BYTES && rest < elementBytes(in, at, tag)) {
        return at;
      }
      int count;
      switch (tag & 3) {
        case LITERAL -> {
          count = (tag >>> 2) + 1;
          at++;
          if (count > 60) {
            int bytes = count - 60;
            long longCount = 1 + readNumber(in, at, bytes);
            at += bytes;
            if (longCount > end - at) {
              return at;
            }
            count = (int) longCount;
          }
          if (count > end - at || count > outEnd - to) {
            return at;
          }
          if (count <= 16 && end - at >= 16 && outEnd - to >= 16) {
            LittleEndian.putLong(out, to, LittleEndian.getLong(in, at));
            LittleEndian.putLong(out, to + 8, LittleEndian.getLong(in, at + 8));
          } else {
            System.arraycopy(in, at, out, to, count);
          }
          at += count;
          to += count;
          continue;
        }
        case SHORT_COPY -> {
          count = ((tag >>> 2) & 7) + 4;
          int shortDistance = ((tag & 0xe0) << 3) | (in[at + 1] & 0xff);
          at += 2;
          if (shortDistance != 0) {
            distance = shortDistance;
          } else if (count > 8) {
            int bytes = count - 8;
            count = (int) readNumber(in, at, bytes) + repeatBase(bytes);
            at += bytes;
          }
        }
        case COPY -> {
          count = (tag >>> 2) + 1;
          distance = (in[at + 1] & 0xff) | ((in[at + 2] & 0xff) << 8);
          at += 3;
        }
        default -> {
          count = (tag >>> 2) + 1;
          distance = LittleEndian.getInt(in, at + 1);
          at += 5;
        }
      }
      if (distance <= 0 || distance > to - outOffset || count > outEnd - to) {
        return at;
      }
      copy(out, to, distance, count, outEnd);
      to += count;
    }
    return to == outEnd ? -1 : at;
  }

  /// Copies forwards, so that a copy that overlaps itself repeats what it has just written.
  private static void copy(byte[] out, int to, int distance, int count, int outEnd) {
    int from = to - distance;
    if (distance >= 8 && count <= 64 && outEnd - to >= count + 8) {
      // Up to seven bytes too many are written; what follows overwrites them.
      for (int i = 0; i < count; i += 8) {
        LittleEndian.putLong(out, to + i, LittleEndian.getLong(out, from + i));
      }
    } else if (distance >= count) {
      System.arraycopy(out, from, out, to, count);
    } else {
      int done = 0;
      // What is there is a multiple of the period, and doubles.
      for (int have = distance; done < count; have *= 2) {
        int step = Math.min(have, count - done);
        System.arraycopy(out, from, out, to + done, step);
        done += step;
      }
    }
  }

  /// The bytes of an element at the end of a block, without those of a literal.
  private static int elementBytes(byte[] in, int at, int tag) {
    return switch (tag & 3) {
      case LITERAL -> 1 + Math.max(0, (tag >>> 2) - 59);
      case SHORT_COPY -> {
        boolean repeat = (tag & 0xe0) == 0 && (tag >>> 2) > 4;
        // Only where there is a second byte does it say whether more follow.
        yield 2 + (repeat && isZero(in, at + 1) ? (tag >>> 2) - 4 : 0);
      }
      case COPY -> 3;
      default -> 5;
    };
  }

  private static boolean isZero(byte[] in, int at) {
    return at < in.length && in[at] == 0;
  }

  private static int repeatBase(int lengthBytes) {
    return switch (lengthBytes) {
      case 1 -> 8;
      case 2 -> 260;
      default -> 65_540;
    };
  }

  private static long readNumber(byte[] in, int at, int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= (in[at + i] & 0xffL) << (8 * i);
    }
    return number;
  }
}
