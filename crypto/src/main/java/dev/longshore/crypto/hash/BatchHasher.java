package dev.longshore.crypto.hash;

import dev.longshore.crypto.lane.Lanes;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// A hash that takes several contents side by side once that has proved faster.
final class BatchHasher implements ContentHasher {
  private final ContentHasher alone;
  private final Lanes<HashLanes> batches;
  private final int batchSize;
  private final VectorTrial trial;

  /// @param alone hashes one content, and all before the trial
  BatchHasher(ContentHasher alone, Supplier<HashLanes> batches, int batchSize, VectorTrial trial) {
    this.alone = alone;
    this.batches = new Lanes<>(batches);
    this.batchSize = batchSize;
    this.trial = trial;
  }

  @Override
  public int sizeBytes() {
    return alone.sizeBytes();
  }

  @Override
  public void hash(byte[] data, int offset, int length, byte[] out, int outOffset) {
    alone.hash(data, offset, length, out, outOffset);
  }

  @Override
  public int batchSize() {
    return batchSize;
  }

  @Override
  public int batchWorthWaitingFor() {
    return trial.mayChooseVector() ? batchSize : 1;
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
      trial.countAlone(bytes);
      alone.hashAll(jobs);
      return;
    }
    boolean vector = trial.choosesVector(bytes);
    long start = trial.start();
    if (vector) {
      HashLanes lanes = batches.take();
      lanes.hashAll(jobs);
      batches.give(lanes);
    } else {
      alone.hashAll(jobs);
    }
    trial.finish(vector, bytes, start);
  }
}
