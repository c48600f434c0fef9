package dev.longshore.crypto.hash;

import dev.longshore.crypto.lane.Lanes;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// A hash that takes several contents side by side once that has proved faster.
final class BatchHasher extends BlakeHasher {
  private final Lanes<Blake2Lanes> batches;
  private final int batchSize;
  private final VectorTrial trial;

  BatchHasher(
      Supplier<Digester> digesters,
      Supplier<Blake2Lanes> batches,
      int batchSize,
      int sizeBytes,
      VectorTrial trial) {
    super(digesters, sizeBytes);
    this.batches = new Lanes<>(batches);
    this.batchSize = batchSize;
    this.trial = trial;
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public void hashAll(List<HashJob> jobs) {
    long bytes = 0;
    for (HashJob job : jobs) {
      Objects.checkFromIndexSize(job.outOffset(), sizeBytes(), job.out().length);
      bytes += job.length();
    }
    // A batch too short to fill the lanes would be a misleading sample.
    if (2 * jobs.size() < batchSize || bytes == 0) {
      super.hashAll(jobs);
      return;
    }
    boolean vector = trial.choosesVector(bytes);
    long start = trial.start();
    if (vector) {
      Blake2Lanes lanes = batches.take();
      lanes.hashAll(jobs);
      batches.give(lanes);
    } else {
      super.hashAll(jobs);
    }
    trial.finish(vector, bytes, start);
  }
}
