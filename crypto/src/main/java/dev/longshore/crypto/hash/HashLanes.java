package dev.longshore.crypto.hash;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A hash of several contents side by side, one in each lane of a vector; used by one thread.
///
/// All lanes step by one block; a lane whose content ends takes the next one. When too few contents
/// are left to pay for whole vectors, each is finished alone.
abstract class HashLanes {
  private final int blockBytes;
  private final @Nullable HashJob[] jobs;
  private final int[] done;
  private final int fewest;
  private final boolean fullLast;
  private final boolean[] ended;

  /// @param fewest contents that pay for vectors
  /// @param fullLast a block that is full can be the last; otherwise an empty one follows it
  HashLanes(int width, int blockBytes, int fewest, boolean fullLast) {
    this.fewest = fewest;
    this.fullLast = fullLast;
    this.ended = new boolean[width];
    this.blockBytes = blockBytes;
    this.jobs = new HashJob[width];
    this.done = new int[width];
  }

  /// Puts a lane into the state behind the key.
  abstract void restart(int lane);

  /// Gives a lane its next message.
  ///
  /// @param counter how many bytes are hashed with it, the key block included
  abstract void load(int lane, byte[] data, int offset, long counter);

  /// Gives a lane its last message: the block that starts at `offset`, of which `length` bytes
  /// count.
  abstract void loadLast(int lane, byte[] data, int offset, int length, long counter);

  /// Mixes the messages into the states of all lanes.
  abstract void step();

  /// Writes the hash of a lane that had its last message.
  abstract void writeHash(int lane, HashJob job);

  /// Hashes the rest of a lane's content and writes its hash.
  abstract void finishAlone(int lane, HashJob job, int done);

  /// Hashes a content from its start.
  abstract void hashAlone(HashJob job);

  /// Hashes all contents and writes their hashes. The output ranges are checked.
  final void hashAll(List<HashJob> queue) {
    Iterator<HashJob> waiting = queue.iterator();
    int active = 0;
    for (int lane = 0; lane < jobs.length; lane++) {
      active += refill(lane, waiting) ? 1 : 0;
    }
    while (active >= fewest) {
      for (int lane = 0; lane < jobs.length; lane++) {
        loadNext(lane);
      }
      step();
      for (int lane = 0; lane < jobs.length; lane++) {
        HashJob job = jobs[lane];
        if (job != null && ended[lane]) {
          writeHash(lane, job);
          active -= refill(lane, waiting) ? 0 : 1;
        }
      }
    }
    for (int lane = 0; lane < jobs.length; lane++) {
      HashJob job = jobs[lane];
      if (job != null) {
        finishAlone(lane, job, done[lane]);
        jobs[lane] = null;
      }
    }
  }

  private void loadNext(int lane) {
    HashJob job = jobs[lane];
    if (job == null) {
      return;
    }
    int from = job.offset() + done[lane];
    int left = job.length() - done[lane];
    if (left > blockBytes || (left == blockBytes && !fullLast)) {
      load(lane, job.data(), from, 2L * blockBytes + done[lane]);
    } else {
      loadLast(lane, job.data(), from, left, (long) blockBytes + job.length());
      ended[lane] = true;
    }
    done[lane] += Math.min(left, blockBytes);
  }

  /// Gives a lane the next content, or none; an empty content needs no lane.
  private boolean refill(int lane, Iterator<HashJob> waiting) {
    jobs[lane] = null;
    while (waiting.hasNext()) {
      HashJob job = waiting.next();
      if (job.length() > 0) {
        jobs[lane] = job;
        done[lane] = 0;
        ended[lane] = false;
        restart(lane);
        return true;
      }
      hashAlone(job);
    }
    return false;
  }
}
