package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class VectorTrialTest {
  private static final long PIECE = 1 << 20;

  private long now = 1;
  private final VectorTrial trial = VectorTrial.startingCold(() -> now);

  @Test
  void startsScalarAndLeavesSmallWorkThere() {
    for (int i = 0; i < 60; i++) {
      assertFalse(piece(1, 1000));
    }
  }

  @Test
  void changesOverOnceTheVectorCodeIsFaster() {
    int vectors = 0;
    for (int i = 0; i < 300; i++) {
      vectors += piece(100_000, 1000) ? 1 : 0;
    }
    assertTrue(vectors > 0, "is tried");
    assertTrue(vectors < 60, "is tried on samples only");
    for (int i = 0; i < 20; i++) {
      piece(500, 1000);
    }
    assertTrue(piece(500, 1000));
    assertTrue(piece(5000, 1000), "does not change back");
  }

  @Test
  void givesUpVectorCodeThatNeverGetsFaster() {
    for (int i = 0; i < 1500; i++) {
      piece(990, 1000);
    }
    for (int i = 0; i < 20; i++) {
      assertFalse(piece(1, 1000));
    }
  }

  private boolean piece(long vectorNanos, long scalarNanos) {
    boolean vector = trial.choosesVector(PIECE);
    long start = trial.start();
    now += vector ? vectorNanos : scalarNanos;
    trial.finish(vector, PIECE, start);
    return vector;
  }
}
