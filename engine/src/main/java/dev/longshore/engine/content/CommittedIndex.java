package dev.longshore.engine.content;

import dev.longshore.engine.content.ContentStore.Environment;
import dev.longshore.engine.content.IndexSource.Lists;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The published index as this process knows it: loads it, keeps it fresh, adds to it. Thread-safe.
final class CommittedIndex {
  private static final System.Logger LOG = System.getLogger(CommittedIndex.class.getName());

  private static final Duration MAX_AGE = Duration.ofMinutes(15);

  private static final int MAX_ATTEMPTS = 10;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final IndexSource source;
  private final IndexLoader loader;
  private final Environment environment;

  /// Held while loading; readers of `current` never wait for it.
  private final ReentrantLock loading = new ReentrantLock();

  /// Guarded by `loading`.
  private final OwnBlobs own = new OwnBlobs();

  private record Loaded(IndexSet set, Instant at) {}

  private static final Loaded EMPTY =
      new Loaded(new IndexSet(List.of(), Map.of(), List.of(), entry -> false), Instant.EPOCH);

  private volatile Loaded current;

  CommittedIndex(IndexSource source, IndexLoader loader, Environment environment)
      throws RepositoryException {
    this.source = source;
    this.loader = loader;
    this.environment = environment;
    this.current = EMPTY;
    load(Map.of(), Lists.RECENT);
  }

  /// Forgets the index.
  void clear() {
    current = EMPTY;
  }

  /// The index, at most 15 minutes old.
  IndexSet fresh() throws RepositoryException {
    Loaded loaded = current;
    if (isStale(loaded) && loading.tryLock()) {
      try {
        if (current.at.equals(loaded.at)) {
          load(Map.of());
        }
      } finally {
        loading.unlock();
      }
    }
    return current.set;
  }

  /// Nobody knows how old it is after the clock was put back.
  private boolean isStale(Loaded loaded) {
    Instant now = environment.clock().instant();
    return now.isAfter(loaded.at.plus(MAX_AGE)) || now.isBefore(loaded.at);
  }

  /// The index as it was loaded last: no call to the store.
  IndexSet loaded() {
    return current.set;
  }

  /// The entry of an id in force; tombstones too, unless they are dropped.
  Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    return look(fresh(), set -> set.find(id));
  }

  /// As [#find], dropped tombstones too, in the index as it was loaded last: no call to the store,
  /// unless a local file turns out to be damaged.
  Optional<IndexEntry> findLoaded(ContentId id) throws RepositoryException {
    return look(loaded(), set -> set.winner(id));
  }

  /// Tells whether there is an entry in force of an id that is no tombstone.
  boolean isLive(ContentId id) throws RepositoryException {
    return look(fresh(), set -> set.isLive(id));
  }

  @FunctionalInterface
  private interface Look<T> {
    T in(IndexSet set) throws RepositoryException;
  }

  /// Looks into a set. If a local file of it is damaged, loads the index again, without that.
  private <T> T look(IndexSet first, Look<T> look) throws RepositoryException {
    IndexSet set = first;
    for (int attempt = 1; ; attempt++) {
      try {
        return look.in(set);
      } catch (DamagedException e) {
        if (attempt == MAX_ATTEMPTS || !set.isDamaged()) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, e.getMessage());
        set = loadedInsteadOf(set);
      }
    }
  }

  private IndexSet loadedInsteadOf(IndexSet damaged) throws RepositoryException {
    loading.lock();
    try {
      if (current.set == damaged) {
        load(Map.of());
      }
      return current.set;
    } finally {
      loading.unlock();
    }
  }

  /// Loads what was published since.
  void refresh() throws RepositoryException {
    loading.lock();
    try {
      load(Map.of());
    } finally {
      loading.unlock();
    }
  }

  /// Publishes plain index blobs; they are part of the index when this returns, however late the
  /// store's lists are.
  void publish(List<byte[]> plainShards, SessionId session) throws RepositoryException {
    Map<BlobId, byte[]> put = source.publish(plainShards, session);
    Instant now = environment.clock().instant();
    loading.lock();
    try {
      Map<BlobId, IndexReader> readers = new HashMap<>();
      for (Map.Entry<BlobId, byte[]> shard : put.entrySet()) {
        BlobId id = shard.getKey();
        readers.put(id, IndexReader.open(shard.getValue()));
        own.add(id, shard.getValue().length, now);
      }
      load(readers);
    } catch (FormatException e) {
      throw new IllegalStateException("an index of our own cannot be read", e);
    } finally {
      loading.unlock();
    }
  }

  /// Loads what is in force. A blob that a cleanup deleted after it was listed makes the list
  /// stale: it is taken again, up to ten times.
  ///
  /// @param extra readers known besides those of the current set
  private void load(Map<BlobId, IndexReader> extra) throws RepositoryException {
    load(extra, Lists.FRESH);
  }

  private void load(Map<BlobId, IndexReader> extra, Lists lists) throws RepositoryException {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      IndexSource.Active active = source.load(own, attempt == 1 ? lists : Lists.FRESH);
      try {
        current = new Loaded(loader.load(active, current.set, extra), active.at());
        return;
      } catch (NotFoundException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw new DamagedException("the index keeps naming a missing blob: " + e.getMessage(), e);
        }
        // The blob may be an own one that is gone; only the store's list counts from here.
        own.clear();
        sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private void sleep(Duration pause) throws RepositoryException {
    try {
      environment.sleeper().sleep(pause);
    } catch (InterruptedException e) {
      throw Faults.interrupted("load index", e);
    }
  }
}
