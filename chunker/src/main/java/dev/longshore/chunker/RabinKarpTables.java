package dev.longshore.chunker;

/// Tables of the Rabin fingerprint over GF(2) that Kopia's Rabin-Karp splitter uses.
///
/// The window's 64 bytes are the coefficients of a polynomial, the oldest byte first; the hash is
/// its rest modulo [#POLYNOMIAL], 53 bits.
///
/// Source: `repo/splitter/splitter_rabinkarp64.go` and `chmduquesne/rollinghash/rabinkarp64`,
/// commit 4ebb2be6c.
final class RabinKarpTables {
  /// Irreducible, of degree 53: the first such that Go's `math/rand` with seed 1 gives.
  static final long POLYNOMIAL = 0x2E3E3E4A305605L;

  private static final int DEGREE = 53;

  /// How far to shift a hash right to see the byte that the next shift left by eight pushes out.
  static final int SHIFT = DEGREE - 8;

  private RabinKarpTables() {}

  /// What a byte contributes to the hash when it is the oldest of the window.
  static long[] leaving() {
    long[] table = new long[256];
    for (int b = 0; b < table.length; b++) {
      long rest = b;
      for (int i = 1; i < WindowScan.WINDOW_BYTES; i++) {
        rest = reduce(rest << 8);
      }
      table[b] = rest;
    }
    return table;
  }

  /// What reduces a hash that has been shifted left, by the byte above its 53 bits.
  static long[] reducing() {
    long[] table = new long[256];
    for (int b = 0; b < table.length; b++) {
      long above = (long) b << DEGREE;
      table[b] = reduce(above) | above;
    }
    return table;
  }

  private static long reduce(long value) {
    long rest = value;
    for (int bit = 63; bit >= DEGREE; bit--) {
      if ((rest >>> bit & 1) != 0) {
        rest ^= POLYNOMIAL << (bit - DEGREE);
      }
    }
    return rest;
  }
}
