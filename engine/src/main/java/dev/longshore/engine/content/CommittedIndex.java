package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.content.ContentStore.Environment;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.session.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The published index as this process knows it: loads it, keeps it fresh, adds to it. Thread-safe.
final class CommittedIndex {
  private static final System.Logger LOG = System.getLogger(CommittedIndex.class.getName());

  private static final Duration MAX_AGE = Duration.ofMinutes(15);

  private static final int PARALLEL_GETS = 8;
  private static final int MAX_ATTEMPTS = 10;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final IndexSource source;
  private final IndexBlobs blobs;
  private final boolean permissive;
  private final Environment environment;

  /// Held while loading; readers of `current` never wait for it.
  private final ReentrantLock loading = new ReentrantLock();

  /// Guarded by `loading`.
  private final OwnBlobs own = new OwnBlobs();

  private record Loaded(IndexSet set, Instant at) {}

  private static final Loaded EMPTY =
      new Loaded(new IndexSet(List.of(), Map.of(), entry -> false), Instant.EPOCH);

  private volatile Loaded current;

  CommittedIndex(IndexSource source, IndexBlobs blobs, boolean permissive, Environment environment)
      throws RepositoryException {
    this.source = source;
    this.blobs = blobs;
    this.permissive = permissive;
    this.environment = environment;
    this.current = EMPTY;
    refresh();
  }

  /// Forgets the index.
  void clear() {
    current = EMPTY;
  }

  /// The index, at most 15 minutes old.
  IndexSet fresh() throws RepositoryException {
    Loaded loaded = current;
    if (environment.clock().instant().isAfter(loaded.at.plus(MAX_AGE)) && loading.tryLock()) {
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

  /// The index as it was loaded last: no call to the store.
  IndexSet loaded() {
    return current.set;
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
  /// store.s lists are.
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
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      Instant start = environment.clock().instant();
      IndexSource.Active active = source.load(own);
      Map<BlobId, IndexReader> known = new HashMap<>(current.set.readers());
      known.putAll(extra);
      try {
        Map<BlobId, IndexReader> readers = readAll(active.blobs(), known);
        current = new Loaded(new IndexSet(active.blobs(), readers, active.dropped()), start);
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

  private Map<BlobId, IndexReader> readAll(
      List<BlobMetadata> wanted, Map<BlobId, IndexReader> known) throws RepositoryException {
    Map<BlobId, IndexReader> readers = new HashMap<>();
    List<BlobId> missing = new ArrayList<>();
    for (BlobMetadata blob : wanted) {
      IndexReader reader = known.get(blob.id());
      if (reader == null) {
        missing.add(blob.id());
      } else {
        readers.put(blob.id(), reader);
      }
    }
    if (!missing.isEmpty()) {
      readMissing(missing, readers);
    }
    return readers;
  }

  private void readMissing(List<BlobId> missing, Map<BlobId, IndexReader> readers)
      throws RepositoryException {
    Map<BlobId, IndexReader> found = new ConcurrentHashMap<>();
    try (Scope scope = new Scope("load index", PARALLEL_GETS)) {
      for (BlobId id : missing) {
        scope.fork(() -> read(id).ifPresent(reader -> found.put(id, reader)));
      }
      scope.join();
    }
    readers.putAll(found);
  }

  private Optional<IndexReader> read(BlobId id) throws RepositoryException {
    try {
      return Optional.of(blobs.read(id));
    } catch (DamagedException | UnsupportedException e) {
      if (!permissive) {
        throw e;
      }
      LOG.log(System.Logger.Level.WARNING, "index blob passed over: " + e.getMessage());
      return Optional.empty();
    }
  }
}
