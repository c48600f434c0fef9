package dev.longshore.format.compress;

import java.util.Arrays;

/// Takes the first match it meets: one table, of the last place of each six bytes; steps grow as
/// long as there is no match.
final class FastS2Search extends S2Search {
  private static final int TABLE_BITS = 15;
  private static final long SIX_BYTES_PRIME = 227718039650203L;

  /// After so many bytes without a match (as a power of two) each step is one longer.
  private static final int SKIP_BITS = 6;

  private final int[] table = new int[1 << TABLE_BITS];

  @Override
  boolean encode(byte[] in, int offset, int length, S2BlockWriter out) {
    int end = offset + length;
    int last = end - MARGIN;
    int written = offset;
    int at = offset + 1;
    int lastDistance = 0;
    // All places are candidates, also this one: bytes are compared before anything is believed.
    Arrays.fill(table, offset);
    while (at < last) {
      long bytes = LittleEndian.getLong(in, at);
      int slot = hash(bytes);
      int earlier = table[slot];
      table[slot] = at;
      int start = at;
      if (lastDistance != 0
          && LittleEndian.getInt(in, at + 1 - lastDistance) == (int) (bytes >>> 8)) {
        start = at + 1;
        earlier = start - lastDistance;
      } else if (LittleEndian.getInt(in, earlier) != (int) bytes) {
        at += 1 + ((at - written) >>> SKIP_BITS);
        continue;
      }
      int back = matchLengthBackwards(in, offset, earlier, written, start);
      int matchEnd = start + 4 + matchLength(in, earlier + 4, start + 4, end);
      lastDistance = start - earlier;
      if (!out.literal(written, start - back) || !out.copy(lastDistance, matchEnd - start + back)) {
        return false;
      }
      written = matchEnd;
      at = matchEnd;
      if (at < last) {
        table[hash(LittleEndian.getLong(in, at - 2))] = at - 2;
      }
    }
    return out.literal(written, end);
  }

  private static int hash(long bytes) {
    return (int) (((bytes << 16) * SIX_BYTES_PRIME) >>> (64 - TABLE_BITS));
  }
}
