package dev.longshore.chunker;

import dev.longshore.chunker.SplitterAlgorithm.Kind;
import java.util.Arrays;
import java.util.Objects;

/// All splitters as the format defines them: each byte enters the window, each place from the
/// minimum on is tested.
///
/// It shares no more than the tables with the fast ones. The window holds 64 zero bytes at the
/// beginning of a stream and is not cleared by a cut.
final class ReferenceSplitter implements Splitter {
  private static final int[] BUZHASH = BuzhashTable.words();
  private static final long[] LEAVING = RabinKarpTables.leaving();
  private static final long[] REDUCING = RabinKarpTables.reducing();

  private final SplitterAlgorithm algorithm;
  private final byte[] window = new byte[WindowScan.WINDOW_BYTES];
  private int oldest;
  private long hash;
  private int count;

  ReferenceSplitter(SplitterAlgorithm algorithm) {
    this.algorithm = algorithm;
    reset();
  }

  @Override
  public int nextCut(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    for (int i = 0; i < length; i++) {
      enter(data[offset + i]);
      count++;
      if (isCut()) {
        count = 0;
        return i + 1;
      }
    }
    return -1;
  }

  private boolean isCut() {
    if (count == algorithm.maxBytes()) {
      return true;
    }
    return algorithm.kind() != Kind.FIXED
        && count >= algorithm.minBytes()
        && (hash & (algorithm.avgBytes() - 1)) == 0;
  }

  private void enter(byte entering) {
    byte leaving = window[oldest];
    window[oldest] = entering;
    oldest = (oldest + 1) % window.length;
    hash = rolled(leaving, entering);
  }

  private long rolled(byte leaving, byte entering) {
    return switch (algorithm.kind()) {
      case FIXED -> 0;
      case BUZHASH ->
          Integer.toUnsignedLong(
              Integer.rotateLeft((int) hash, 1)
                  ^ BUZHASH[leaving & 0xff]
                  ^ BUZHASH[entering & 0xff]);
      case RABINKARP -> {
        long without = hash ^ LEAVING[leaving & 0xff];
        int above = (int) (without >>> RabinKarpTables.SHIFT) & 0xff;
        yield (without << 8 | (entering & 0xff)) ^ REDUCING[above];
      }
    };
  }

  /// The hash of the last 64 bytes, zero bytes before the stream included; 0 for fixed splitters.
  long hash() {
    return hash;
  }

  @Override
  public void reset() {
    Arrays.fill(window, (byte) 0);
    oldest = 0;
    hash = 0;
    count = 0;
    // An even number of equal words cancel out: 64 zero bytes have the hash 0 in both kinds.
  }

  @Override
  public int maxChunkBytes() {
    return algorithm.maxBytes();
  }
}
