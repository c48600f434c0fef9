package dev.longshore.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.chunker.SplitterAlgorithm.Kind;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

/// The fast splitters against the definition, with sizes so small that cuts are many and the seams
/// of skipping, warming, lanes and slices are met often.
class SplitterPropertyTest {
  private static final int ROUNDS = 1500;
  private static final List<Kind> KINDS = List.of(Kind.values());

  @Test
  void cutsAsTheReferenceDoesHoweverTheStreamIsSliced() {
    for (int round = 0; round < ROUNDS; round++) {
      SplittableRandom random = new SplittableRandom(round);
      SplitterAlgorithm algorithm = algorithm(random);
      byte[] data = data(random);
      List<Integer> expected =
          Streams.ends(new ReferenceSplitter(algorithm), data, at -> data.length);
      String where = "seed " + round + ", " + algorithm + ", " + data.length + " bytes";
      Splitter fast = algorithm.newSplitter();
      assertEquals(expected, Streams.ends(fast, data, at -> data.length), where);
      fast.reset();
      assertEquals(expected, Streams.ends(fast, data, slices(random)), where);
    }
  }

  @Test
  void chunksKeepTheirLimits() {
    for (int round = 0; round < ROUNDS / 10; round++) {
      SplittableRandom random = new SplittableRandom(-1 - round);
      SplitterAlgorithm algorithm = algorithm(random);
      Splitter splitter = algorithm.newSplitter();
      List<Integer> ends = Streams.ends(splitter, data(random), slices(random));
      int start = 0;
      for (int i = 0; i < ends.size(); i++) {
        int size = ends.get(i) - start;
        assertTrue(size <= splitter.maxChunkBytes(), "seed " + round);
        assertTrue(size >= algorithm.minBytes() || i == ends.size() - 1, "seed " + round);
        start = ends.get(i);
      }
    }
  }

  private static SplitterAlgorithm algorithm(SplittableRandom random) {
    Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    if (kind == Kind.FIXED) {
      int size = random.nextInt(1, 5000);
      return new SplitterAlgorithm("fixed", kind, size, size, size);
    }
    int avg = 64 << random.nextInt(1, 10);
    int min = random.nextInt(Math.max(64, avg / 4), avg + 1);
    int max = random.nextInt(avg, 4 * avg + 1);
    return new SplitterAlgorithm("dynamic", kind, min, avg, max);
  }

  /// Parts of noise, of constant bytes, and of short periods, for which the hashes are degenerate.
  private static byte[] data(SplittableRandom random) {
    byte[] data = new byte[random.nextInt(1, 100_000)];
    int at = 0;
    while (at < data.length) {
      int part = Math.min(random.nextInt(1, 20_000), data.length - at);
      int period = random.nextInt(5) == 0 ? part : random.nextInt(1, 70);
      byte[] pattern = new byte[period];
      random.nextBytes(pattern);
      for (int i = 0; i < part; i++) {
        data[at + i] = random.nextInt(3000) == 0 ? (byte) i : pattern[i % period];
      }
      at += part;
    }
    return data;
  }

  private static IntUnaryOperator slices(SplittableRandom random) {
    int most = 1 << random.nextInt(1, 17);
    return at -> random.nextInt(1, most + 1);
  }
}
