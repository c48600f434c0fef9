package dev.longshore.bench.jmh;

import java.util.SplittableRandom;

/// The data of benchmarks, always the same.
final class Data {
  static final int MIB = 1 << 20;

  private Data() {}

  /// Incompressible.
  static byte[] random(int length) {
    byte[] data = new byte[length];
    new SplittableRandom(42).nextBytes(data);
    return data;
  }

  /// Compresses about two to one: random bytes of sixteen values, with repeats.
  static byte[] compressible(int length) {
    byte[] data = random(length);
    for (int i = 0; i < length; i++) {
      data[i] = i % 64 < 48 || i < 4096 ? (byte) ('a' + (data[i] & 15)) : data[i - 4096];
    }
    return data;
  }
}
