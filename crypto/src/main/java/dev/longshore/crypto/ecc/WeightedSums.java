package dev.longshore.crypto.ecc;

import java.util.Arrays;

/// Sums of shards with fixed weights in GF(2^8), eight sums at a time.
///
/// One long holds the same byte of eight sums. The products of a source byte with eight weights are
/// then the XOR of two longs, looked up by the two halves of the byte.
///
/// Immutable; the sums in the making are in the caller's array.
final class WeightedSums {
  /// How many sums one long holds.
  static final int WIDTH = 8;

  private static final int ENTRIES = 32;

  private final int sources;
  private final int groups;
  private final long[] products;

  /// @param weights one row per sum with one weight per source
  WeightedSums(byte[][] weights, int sources) {
    this.sources = sources;
    this.groups = (weights.length + WIDTH - 1) / WIDTH;
    this.products = new long[groups * sources * ENTRIES];
    for (int group = 0; group < groups; group++) {
      int rows = Math.min(WIDTH, weights.length - group * WIDTH);
      for (int source = 0; source < sources; source++) {
        fill(Arrays.copyOfRange(weights, group * WIDTH, group * WIDTH + rows), source, group);
      }
    }
  }

  /// How many arrays of partial sums a caller works through.
  int groups() {
    return groups;
  }

  /// Adds the weighted bytes of one source to the sums of one group.
  void add(int group, int source, byte[] data, int offset, int length, long[] sums) {
    long[] table = products;
    int base = (group * sources + source) * ENTRIES;
    for (int i = 0; i < length; i++) {
      int value = data[offset + i];
      sums[i] ^= table[base + (value & 15)] ^ table[base + 16 + ((value >>> 4) & 15)];
    }
  }

  /// Takes one sum of a group out of the longs.
  static void extract(long[] sums, int row, byte[] out, int offset, int length) {
    int shift = 8 * row;
    for (int i = 0; i < length; i++) {
      out[offset + i] = (byte) (sums[i] >>> shift);
    }
  }

  private void fill(byte[][] weights, int source, int group) {
    int base = (group * sources + source) * ENTRIES;
    for (int bit = 0; bit < 8; bit++) {
      long packed = 0;
      for (int row = 0; row < weights.length; row++) {
        long product = GaloisField.multiply(weights[row][source] & 0xff, 1 << bit);
        packed |= product << (8 * row);
      }
      // Products add up: each entry is the XOR of the entries of its single bits.
      int half = base + (bit < 4 ? 0 : 16);
      int step = 1 << (bit & 3);
      for (int entry = 0; entry < step; entry++) {
        products[half + step + entry] = products[half + entry] ^ packed;
      }
    }
  }
}
