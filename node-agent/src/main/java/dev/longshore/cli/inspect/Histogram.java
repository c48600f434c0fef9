package dev.longshore.cli.inspect;

import java.io.PrintStream;
import java.util.function.LongFunction;

/// Counts and sums by powers of ten, printed as Kopia's `stats` commands do.
final class Histogram {
  private static final int BUCKETS = 8;

  private final long[] counts = new long[BUCKETS];
  private final long[] totals = new long[BUCKETS];

  void add(long size) {
    long limit = 10;
    for (int bucket = 0; bucket < BUCKETS; bucket++, limit *= 10) {
      if (size < limit) {
        counts[bucket]++;
        totals[bucket] += size;
        return;
      }
    }
  }

  void print(PrintStream out, LongFunction<String> size) {
    out.println("Histogram:");
    out.println();
    long low = 0;
    long high = 10;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      out.println(
          "%9d between %s and %s (total %s)"
              .formatted(
                  counts[bucket], size.apply(low), size.apply(high), size.apply(totals[bucket])));
      low = high;
      high *= 10;
    }
  }
}
