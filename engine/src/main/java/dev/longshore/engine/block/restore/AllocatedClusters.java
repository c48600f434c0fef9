package dev.longshore.engine.block.restore;

import java.util.BitSet;

/// Which clusters of a volume have bytes, and the how-manieth each of them is. Takes 1.5 bits per
/// cluster.
final class AllocatedClusters {
  private final long[] words;

  /// Allocated clusters before each word.
  private final int[] before;

  private final int count;

  /// @param clusters those that have bytes
  AllocatedClusters(BitSet clusters) {
    words = clusters.toLongArray();
    before = new int[words.length];
    int sum = 0;
    for (int i = 0; i < words.length; i++) {
      before[i] = sum;
      sum += Long.bitCount(words[i]);
    }
    count = sum;
  }

  /// How many there are.
  int count() {
    return count;
  }

  /// Tells whether a cluster has bytes.
  boolean has(long cluster) {
    long word = cluster >> 6;
    return word < words.length && (words[(int) word] >>> cluster & 1) != 0;
  }

  /// How many there are before a cluster that has bytes.
  int rank(long cluster) {
    int word = (int) (cluster >> 6);
    return before[word] + Long.bitCount(words[word] & ((1L << cluster) - 1));
  }

  /// Tells whether any of a range of clusters has bytes.
  boolean hasAny(long from, long to) {
    for (long cluster = from; cluster < to; cluster++) {
      long word = cluster >> 6;
      if (word >= words.length) {
        return false;
      }
      if (words[(int) word] >>> cluster != 0) {
        long next = cluster + Long.numberOfTrailingZeros(words[(int) word] >>> cluster);
        return next < to;
      }
      cluster |= 63;
    }
    return false;
  }
}
