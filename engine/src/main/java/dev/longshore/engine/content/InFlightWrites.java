package dev.longshore.engine.content;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Contents being written at this moment, so that the same bytes given by two threads are stored
/// once. Thread-safe.
final class InFlightWrites {
  private final Map<ContentId, CountDownLatch> writes = new ConcurrentHashMap<>();

  /// The right to write one content; closing lets waiting twins go on.
  final class Claim implements AutoCloseable {
    private final ContentId id;
    private final CountDownLatch done = new CountDownLatch(1);

    private Claim(ContentId id) {
      this.id = id;
    }

    @Override
    public void close() {
      writes.remove(id);
      done.countDown();
    }
  }

  /// Claims a content. If another thread has it, waits for that one to end, and returns empty: the
  /// caller looks again.
  Optional<Claim> claim(ContentId id) throws RepositoryException {
    Claim mine = new Claim(id);
    CountDownLatch twin = writes.putIfAbsent(id, mine.done);
    if (twin == null) {
      return Optional.of(mine);
    }
    try {
      twin.await();
    } catch (InterruptedException e) {
      throw Faults.interrupted("write content", e);
    }
    return Optional.empty();
  }
}
