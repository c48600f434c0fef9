package dev.longshore.chunker;

/// The search with a 32-bit cyclic polynomial hash (buzhash): the XOR of one table word for each
/// byte of the window, rotated left once for each byte that follows it.
///
/// One plain loop: it is bound by its four loads a byte, so that neither several lanes nor vector
/// gathers were faster.
///
/// @param mask the low bits that must be zero
record BuzhashScan(int mask) implements WindowScan {
  private static final int[] TABLE = BuzhashTable.words();

  @Override
  public int first(byte[] data, int from, int to) {
    int hash = 0;
    for (int i = from - WINDOW_BYTES; i < from; i++) {
      hash = Integer.rotateLeft(hash, 1) ^ TABLE[data[i] & 0xff];
    }
    for (int i = from; i < to; i++) {
      // The leaving byte has been rotated 64 times, which in 32 bits is not at all.
      hash =
          Integer.rotateLeft(hash, 1)
              ^ TABLE[data[i - WINDOW_BYTES] & 0xff]
              ^ TABLE[data[i] & 0xff];
      if ((hash & mask) == 0) {
        return i;
      }
    }
    return -1;
  }
}
