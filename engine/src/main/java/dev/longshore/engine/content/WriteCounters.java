package dev.longshore.engine.content;

import java.util.concurrent.atomic.LongAdder;

/// What a session did, counted by many threads.
final class WriteCounters {
  private final LongAdder hashedBytes = new LongAdder();
  private final LongAdder dedupBytes = new LongAdder();
  private final LongAdder contents = new LongAdder();
  private final LongAdder plainBytes = new LongAdder();
  private final LongAdder packedBytes = new LongAdder();

  void hashed(int bytes) {
    hashedBytes.add(bytes);
  }

  void deduplicated(int bytes) {
    dedupBytes.add(bytes);
  }

  void written(int plain, int packed) {
    contents.increment();
    plainBytes.add(plain);
    packedBytes.add(packed);
  }

  ContentWriter.WriteStats snapshot(long uploadedBytes) {
    return new ContentWriter.WriteStats(
        hashedBytes.sum(),
        dedupBytes.sum(),
        contents.sum(),
        plainBytes.sum(),
        packedBytes.sum(),
        uploadedBytes);
  }
}
