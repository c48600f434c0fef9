package dev.longshore.format.compress;

import java.util.Arrays;

/// Looks at several matches before it takes one: the last copy's distance, a long and a short one
/// from here, and a long one from the next byte.
///
/// One loop, although long: nearly all of its variables are alive in all of it.
final class BetterS2Search extends S2Search {
  private static final int LONG_TABLE_BITS = 17;
  private static final int SHORT_TABLE_BITS = 15;
  private static final long SEVEN_BYTES_PRIME = 58295818150454627L;
  private static final int FOUR_BYTES_PRIME = (int) 2654435761L;
  private static final int SKIP_BITS = 7;

  private final int[] longTable = new int[1 << LONG_TABLE_BITS];
  private final int[] shortTable = new int[1 << SHORT_TABLE_BITS];

  @Override
  boolean encode(byte[] in, int offset, int length, S2BlockWriter out) {
    int end = offset + length;
    int last = end - MARGIN;
    int written = offset;
    int at = offset + 1;
    int lastDistance = 0;
    Arrays.fill(longTable, offset);
    Arrays.fill(shortTable, offset);
    while (at < last) {
      long bytes = LittleEndian.getLong(in, at);
      int longSlot = longHash(bytes);
      int shortSlot = shortHash((int) bytes);
      int longEarlier = longTable[longSlot];
      int shortEarlier = shortTable[shortSlot];
      longTable[longSlot] = at;
      shortTable[shortSlot] = at;

      int start = at;
      int earlier = -1;
      if (lastDistance != 0
          && LittleEndian.getInt(in, at + 1 - lastDistance) == (int) (bytes >>> 8)) {
        start = at + 1;
        earlier = start - lastDistance;
      }
      int matchLength = earlier < 0 ? 0 : matchLength(in, earlier, start, end);
      if (LittleEndian.getLong(in, longEarlier) == bytes) {
        int longLength = matchLength(in, longEarlier, at, end);
        // A repeat costs two bytes less, or more.
        if (longLength > matchLength + 2) {
          start = at;
          earlier = longEarlier;
          matchLength = longLength;
        }
      } else if (earlier < 0 && LittleEndian.getInt(in, shortEarlier) == (int) bytes) {
        earlier = shortEarlier;
        matchLength = matchLength(in, earlier, start, end);
        long nextBytes = LittleEndian.getLong(in, at + 1);
        int nextEarlier = longTable[longHash(nextBytes)];
        if (LittleEndian.getLong(in, nextEarlier) == nextBytes) {
          int nextLength = matchLength(in, nextEarlier, at + 1, end);
          if (nextLength > matchLength) {
            start = at + 1;
            earlier = nextEarlier;
            matchLength = nextLength;
          }
        }
      }
      int distance = start - earlier;
      int back = earlier < 0 ? 0 : matchLengthBackwards(in, offset, earlier, written, start);
      if (earlier < 0
          || (distance > 0xffff && distance != lastDistance && matchLength + back < 6)) {
        at += 1 + ((at - written) >>> SKIP_BITS);
        continue;
      }
      int matchEnd = start + matchLength;
      if (!out.literal(written, start - back) || !out.copy(distance, matchLength + back)) {
        return false;
      }
      lastDistance = distance;
      written = matchEnd;
      // Places within the match, every other one, so that later data find them.
      int lastInside = Math.min(matchEnd, last);
      for (int inside = at + 1; inside < lastInside; inside += 2) {
        long insideBytes = LittleEndian.getLong(in, inside);
        longTable[longHash(insideBytes)] = inside;
        shortTable[shortHash((int) insideBytes)] = inside;
      }
      at = matchEnd;
    }
    return out.literal(written, end);
  }

  private static int longHash(long bytes) {
    return (int) (((bytes << 8) * SEVEN_BYTES_PRIME) >>> (64 - LONG_TABLE_BITS));
  }

  private static int shortHash(int bytes) {
    return (bytes * FOUR_BYTES_PRIME) >>> (32 - SHORT_TABLE_BITS);
  }
}
