package dev.longshore.chunker;

/// The search with a Rabin fingerprint ([RabinKarpTables]).
///
/// Each step waits for the table word of the step before, so two halves of a block are searched
/// side by side, which is half as fast again as one; four were no faster than two.
///
/// @param mask the low bits that must be zero
record RabinKarpScan(int mask) implements WindowScan {
  private static final long[] LEAVING = RabinKarpTables.leaving();
  private static final long[] REDUCING = RabinKarpTables.reducing();

  /// Enough to make the warming of the second half cheap; what is searched in vain behind a hit is
  /// at most half of it.
  private static final int BLOCK_BYTES = 32 << 10;

  private static final int MIN_HALF_BYTES = 256;

  @Override
  public int first(byte[] data, int from, int to) {
    int start = from;
    while (to - start >= 2 * MIN_HALF_BYTES) {
      int half = Math.min(to - start, BLOCK_BYTES) / 2;
      int hit = firstOfTwoHalves(data, start, half);
      if (hit >= 0) {
        return hit;
      }
      start += 2 * half;
    }
    return firstOfOne(data, start, to);
  }

  private int firstOfOne(byte[] data, int from, int to) {
    long hash = warm(data, from);
    for (int i = from; i < to; i++) {
      hash = roll(hash, data[i - WINDOW_BYTES], data[i]);
      if ((hash & mask) == 0) {
        return i;
      }
    }
    return -1;
  }

  private int firstOfTwoHalves(byte[] data, int from, int half) {
    long hash = warm(data, from);
    long secondHash = warm(data, from + half);
    int secondHit = -1;
    for (int i = from; i < from + half; i++) {
      hash = roll(hash, data[i - WINDOW_BYTES], data[i]);
      secondHash = roll(secondHash, data[i + half - WINDOW_BYTES], data[i + half]);
      if ((hash & mask) == 0) {
        return i;
      }
      if ((secondHash & mask) == 0 && secondHit < 0) {
        secondHit = i + half;
      }
    }
    return secondHit;
  }

  private static long warm(byte[] data, int from) {
    long hash = 0;
    for (int i = from - WINDOW_BYTES; i < from; i++) {
      hash = push(hash, data[i]);
    }
    return hash;
  }

  private static long roll(long hash, byte leaving, byte entering) {
    return push(hash ^ LEAVING[leaving & 0xff], entering);
  }

  private static long push(long hash, byte entering) {
    return (hash << 8 | (entering & 0xff))
        ^ REDUCING[(int) (hash >>> RabinKarpTables.SHIFT) & 0xff];
  }
}
