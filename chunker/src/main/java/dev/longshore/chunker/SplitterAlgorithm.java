package dev.longshore.chunker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A way of cutting streams into chunks, as a repository's format or a policy names it.
///
/// Source: `repo/splitter/splitter.go`, commit 4ebb2be6c. The set is closed: the name is stored,
/// and the cuts are part of the format, because equal data deduplicate only if they are cut alike.
///
/// @param minBytes the smallest chunk but the last; the size itself for [Kind#FIXED]
/// @param avgBytes a power of two in the dynamic kinds: as many low bits of the hash as it has
///   zeros must be zero at a cut. Chunks of random data are larger on average, by the minimum less
///   the effect of the maximum
/// @param maxBytes the largest chunk
public record SplitterAlgorithm(String name, Kind kind, int minBytes, int avgBytes, int maxBytes) {

  /// What decides about a cut.
  public enum Kind {
    /// Only the number of bytes.
    FIXED,
    /// A 32-bit cyclic polynomial hash of the last 64 bytes.
    BUZHASH,
    /// A 53-bit Rabin fingerprint of the last 64 bytes.
    RABINKARP
  }

  /// What new repositories get: `DYNAMIC-4M-BUZHASH`.
  public static final SplitterAlgorithm DEFAULT =
      dynamic("DYNAMIC-4M-BUZHASH", Kind.BUZHASH, 4 << 20);

  private static final List<SplitterAlgorithm> ALL = known();
  private static final Map<String, SplitterAlgorithm> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(a -> a.name, Function.identity()));

  /// @throws IllegalArgumentException if the sizes cannot be those of a splitter of that kind
  public SplitterAlgorithm {
    boolean ordered = 0 < minBytes && minBytes <= avgBytes && avgBytes <= maxBytes;
    boolean fits =
        kind == Kind.FIXED
            ? minBytes == maxBytes
            : minBytes >= WindowScan.WINDOW_BYTES && Integer.bitCount(avgBytes) == 1;
    if (!ordered || !fits) {
      throw new IllegalArgumentException(
          name + ": no splitter has sizes " + minBytes + ", " + avgBytes + ", " + maxBytes);
    }
  }

  /// The algorithm of that exact name, in upper case as it is stored.
  public static Optional<SplitterAlgorithm> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /// All 23, by name.
  public static List<SplitterAlgorithm> all() {
    return ALL;
  }

  /// A splitter at the beginning of a stream.
  public Splitter newSplitter() {
    return switch (kind) {
      case FIXED -> new FixedSplitter(maxBytes);
      case BUZHASH -> new WindowSplitter(new BuzhashScan(avgBytes - 1), minBytes, maxBytes);
      case RABINKARP -> new WindowSplitter(new RabinKarpScan(avgBytes - 1), minBytes, maxBytes);
    };
  }

  private static List<SplitterAlgorithm> known() {
    List<SplitterAlgorithm> algorithms = new ArrayList<>();
    algorithms.add(fixed("FIXED", 4 << 20));
    algorithms.add(dynamic("DYNAMIC", Kind.BUZHASH, 4 << 20));
    for (int kib = 128; kib <= 8 << 10; kib *= 2) {
      String size = kib < 1 << 10 ? kib + "K" : (kib >> 10) + "M";
      algorithms.add(fixed("FIXED-" + size, kib << 10));
      algorithms.add(dynamic("DYNAMIC-" + size + "-BUZHASH", Kind.BUZHASH, kib << 10));
      algorithms.add(dynamic("DYNAMIC-" + size + "-RABINKARP", Kind.RABINKARP, kib << 10));
    }
    algorithms.sort(Comparator.comparing(SplitterAlgorithm::name));
    return List.copyOf(algorithms);
  }

  private static SplitterAlgorithm fixed(String name, int bytes) {
    return new SplitterAlgorithm(name, Kind.FIXED, bytes, bytes, bytes);
  }

  private static SplitterAlgorithm dynamic(String name, Kind kind, int avgBytes) {
    return new SplitterAlgorithm(name, kind, avgBytes / 2, avgBytes, 2 * avgBytes);
  }
}
