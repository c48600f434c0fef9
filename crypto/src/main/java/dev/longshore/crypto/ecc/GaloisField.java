package dev.longshore.crypto.ecc;

/// Arithmetic in GF(2^8) with the polynomial 0x11D and the generator 2; addition is XOR.
final class GaloisField {
  private static final int POLYNOMIAL = 0x11D;
  private static final int ORDER = 255;

  /// Twice as long as the group, so that the sum of two logarithms needs no reduction.
  private static final byte[] EXP = new byte[2 * ORDER];

  private static final int[] LOG = new int[ORDER + 1];

  static {
    int power = 1;
    for (int i = 0; i < ORDER; i++) {
      EXP[i] = (byte) power;
      EXP[i + ORDER] = (byte) power;
      LOG[power] = i;
      power <<= 1;
      if (power > ORDER) {
        power ^= POLYNOMIAL;
      }
    }
  }

  private GaloisField() {}

  /// The product of two elements in 0..255.
  static int multiply(int a, int b) {
    return a == 0 || b == 0 ? 0 : EXP[LOG[a] + LOG[b]] & 0xff;
  }

  /// The logarithm of an element in 1..255.
  static int log(int a) {
    return LOG[a];
  }

  /// The element with this logarithm, which may be any integer.
  static int exp(int log) {
    return EXP[Math.floorMod(log, ORDER)] & 0xff;
  }

  /// The weights with which the values of a polynomial at `known` points add up to its value at
  /// each of the `wanted` points.
  ///
  /// The degree is less than the number of known points; no wanted point is known. A Reed-Solomon
  /// shard is such a value at the point of its number, so the same weights make parity from data
  /// and lost shards from whatever is left.
  ///
  /// @return one row per wanted point with one weight per known point
  static byte[][] interpolation(int[] known, int[] wanted) {
    int[] logDenominators = new int[known.length];
    for (int k = 0; k < known.length; k++) {
      for (int j = 0; j < known.length; j++) {
        if (j != k) {
          logDenominators[k] += log(known[k] ^ known[j]);
        }
      }
    }
    byte[][] weights = new byte[wanted.length][known.length];
    for (int w = 0; w < wanted.length; w++) {
      int logProduct = 0;
      for (int point : known) {
        logProduct += log(wanted[w] ^ point);
      }
      for (int k = 0; k < known.length; k++) {
        weights[w][k] = (byte) exp(logProduct - log(wanted[w] ^ known[k]) - logDenominators[k]);
      }
    }
    return weights;
  }
}
