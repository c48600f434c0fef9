package dev.longshore.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.chunker.SplitterAlgorithm.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SplitterAlgorithmTest {

  @Test
  void knowsItsTwentyThreeNamesAndNoOther() {
    assertEquals(23, SplitterAlgorithm.all().size());
    for (SplitterAlgorithm algorithm : SplitterAlgorithm.all()) {
      assertEquals(Optional.of(algorithm), SplitterAlgorithm.byName(algorithm.name()));
      assertEquals(algorithm.maxBytes(), algorithm.newSplitter().maxChunkBytes());
    }
    assertTrue(SplitterAlgorithm.byName("dynamic").isEmpty());
    assertTrue(SplitterAlgorithm.byName("").isEmpty());
    assertTrue(SplitterAlgorithm.byName("FIXED-16M").isEmpty());
    assertEquals(
        Optional.of(SplitterAlgorithm.DEFAULT), SplitterAlgorithm.byName("DYNAMIC-4M-BUZHASH"));
  }

  @Test
  void rejectsSizesThatAreNotInOrder() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SplitterAlgorithm("x", Kind.BUZHASH, 128, 64, 256));
    assertThrows(
        IllegalArgumentException.class, () -> new SplitterAlgorithm("x", Kind.FIXED, 0, 0, 0));
  }

  @Test
  void rejectsAMinimumThatDoesNotFillTheWindow() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SplitterAlgorithm("x", Kind.RABINKARP, 63, 64, 128));
  }

  @Test
  void rejectsAnAverageThatIsNoPowerOfTwo() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new SplitterAlgorithm("x", Kind.BUZHASH, 64, 100, 200));
  }

  @Test
  void rejectsRangesOutsideTheArray() {
    for (SplitterAlgorithm algorithm : SplitterAlgorithm.all()) {
      Splitter splitter = algorithm.newSplitter();
      assertThrows(IndexOutOfBoundsException.class, () -> splitter.nextCut(new byte[10], 5, 6));
      assertThrows(IndexOutOfBoundsException.class, () -> splitter.nextCut(new byte[10], 0, -1));
    }
  }

  @Test
  void takesEmptySlices() {
    for (SplitterAlgorithm algorithm : SplitterAlgorithm.all()) {
      assertEquals(-1, algorithm.newSplitter().nextCut(new byte[0], 0, 0));
    }
  }
}
