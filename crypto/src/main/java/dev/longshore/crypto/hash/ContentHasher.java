package dev.longshore.crypto.hash;

import java.util.List;

/// A keyed hash over the plain bytes of one content.
///
/// Safe for use by many threads at once. No buffer is kept after a call returns.
public interface ContentHasher {
  /// The length of a hash in bytes.
  int sizeBytes();

  /// Hashes `length` bytes of `data` and writes [#sizeBytes] bytes to `out`, which may be `data`.
  ///
  /// @throws IndexOutOfBoundsException if either range leaves its array
  void hash(byte[] data, int offset, int length, byte[] out, int outOffset);

  /// Hashes the whole array into a new one.
  default byte[] hash(byte[] data) {
    byte[] out = new byte[sizeBytes()];
    hash(data, 0, data.length, out, 0);
    return out;
  }

  /// How many contents of similar length [#hashAll] wants at once to be at its best; 1 if batches
  /// bring nothing.
  ///
  /// BLAKE2 cannot use vectors within one content but hashes several contents side by side, with
  /// two to three times the throughput.
  default int batchSize() {
    return 1;
  }

  /// How many it is worth to wait for at this time: no more than one before vectors are in use.
  default int batchWorthWaitingFor() {
    return batchSize();
  }

  /// Hashes any number of contents on the calling thread.
  ///
  /// @throws IndexOutOfBoundsException if a hash leaves its array; other hashes may be written
  default void hashAll(List<HashJob> jobs) {
    for (HashJob job : jobs) {
      hash(job.data(), job.offset(), job.length(), job.out(), job.outOffset());
    }
  }
}
