package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.index.IndexBlobSource;
import dev.longshore.engine.index.IndexCache;
import dev.longshore.engine.index.Segment;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the index blobs in force ready to be looked into: in memory while they are few, in
/// segments of the client's cache beyond that. Thread-safe.
final class IndexLoader {
  private static final System.Logger LOG = System.getLogger(IndexLoader.class.getName());

  private static final int PARALLEL_GETS = 8;
  private static final int MAX_ATTEMPTS = 3;

  /// Bytes of index blobs in memory, in all.
  ///
  /// @param usual beyond these, segments are made
  /// @param most if there is no place for segments
  record Limits(long usual, long most) {}

  private final IndexBlobs blobs;
  private final Optional<IndexCache> cache;
  private final Limits limits;
  private final boolean permissive;

  /// @param cache where segments are kept; empty for nowhere
  /// @param permissive pass over blobs that cannot be read, with a warning
  IndexLoader(IndexBlobs blobs, Optional<IndexCache> cache, Limits limits, boolean permissive) {
    this.blobs = blobs;
    this.cache = cache;
    this.limits = limits;
    this.permissive = permissive;
  }

  /// Loads what is in force.
  ///
  /// @param current what was loaded before, parts of which are taken over
  /// @param extra more readers that are known
  /// @throws dev.longshore.engine.error.NotFoundException if a blob is gone
  IndexSet load(IndexSource.Active active, IndexSet current, Map<BlobId, IndexReader> extra)
      throws RepositoryException {
    Map<BlobId, IndexReader> known = new HashMap<>(current.readers());
    known.putAll(extra);
    for (int attempt = 1; ; attempt++) {
      List<Segment> segments = new ArrayList<>(current.segments());
      try {
        List<BlobMetadata> rest = addSegments(active.blobs(), segments, known);
        return new IndexSet(active.blobs(), readAll(rest, known), segments, active.dropped());
      } catch (DamagedException e) {
        if (attempt == MAX_ATTEMPTS || segments.stream().noneMatch(Segment::isDamaged)) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, e.getMessage());
      }
    }
  }

  /// Leaves in the list the segments that stand for blobs in force, and adds others if too much is
  /// in none.
  ///
  /// @return the blobs that are in none
  private List<BlobMetadata> addSegments(
      List<BlobMetadata> wanted, List<Segment> segments, Map<BlobId, IndexReader> known)
      throws RepositoryException {
    Set<BlobId> active = new HashSet<>();
    wanted.forEach(blob -> active.add(blob.id()));
    segments.removeIf(segment -> segment.isDamaged() || !active.containsAll(segment.blobs()));
    List<BlobMetadata> rest = without(wanted, segments);
    if (bytes(rest) <= limits.usual) {
      return rest;
    }
    String obstacle = "there is no cache directory to keep it in";
    if (cache.isPresent()) {
      List<Segment> all = cache.get().find(active, segments);
      rest = without(wanted, all);
      boolean tooMuch = bytes(rest) > limits.usual;
      if (tooMuch && cache.get().isWritable()) {
        all = cache.get().cover(wanted, all, known, new Source());
        rest = List.of();
      } else if (tooMuch) {
        obstacle = "the cache directory " + cache.get().path() + " cannot be written";
      }
      segments.clear();
      segments.addAll(all);
    }
    checkFits(bytes(rest), obstacle);
    return rest;
  }

  private static List<BlobMetadata> without(List<BlobMetadata> wanted, List<Segment> segments) {
    Set<BlobId> covered = new HashSet<>();
    segments.forEach(segment -> covered.addAll(segment.blobs()));
    return wanted.stream().filter(blob -> !covered.contains(blob.id())).toList();
  }

  private static long bytes(List<BlobMetadata> blobs) {
    return blobs.stream().mapToLong(BlobMetadata::lengthBytes).sum();
  }

  private void checkFits(long bytes, String obstacle) throws UnsupportedException {
    if (bytes > limits.most) {
      throw new UnsupportedException(
          "an index of %d bytes does not fit in memory, and %s: give more --memory, or a cache directory"
              .formatted(bytes, obstacle));
    }
  }

  private Map<BlobId, IndexReader> readAll(
      List<BlobMetadata> wanted, Map<BlobId, IndexReader> known) throws RepositoryException {
    Map<BlobId, IndexReader> readers = new HashMap<>();
    List<BlobMetadata> missing = new ArrayList<>();
    for (BlobMetadata blob : wanted) {
      IndexReader reader = known.get(blob.id());
      if (reader == null) {
        missing.add(blob);
      } else {
        readers.put(blob.id(), reader);
      }
    }
    if (!missing.isEmpty()) {
      readMissing(missing, readers);
    }
    return readers;
  }

  private void readMissing(List<BlobMetadata> missing, Map<BlobId, IndexReader> readers)
      throws RepositoryException {
    Map<BlobId, IndexReader> found = new ConcurrentHashMap<>();
    try (Scope scope = new Scope("load index", PARALLEL_GETS)) {
      for (BlobMetadata blob : missing) {
        BlobId id = blob.id();
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
      passOver(e);
      return Optional.empty();
    }
  }

  private void passOver(RepositoryException fault) throws RepositoryException {
    if (!permissive) {
      throw fault;
    }
    LOG.log(System.Logger.Level.WARNING, "index blob passed over: " + fault.getMessage());
  }

  /// The blobs, for those who make segments.
  private final class Source implements IndexBlobSource {
    @Override
    public IndexReader read(BlobId id) throws RepositoryException {
      return blobs.read(id);
    }

    @Override
    public void copy(BlobId id, FileChannel plain) throws IOException {
      blobs.copy(id, plain);
    }

    @Override
    public void damaged(BlobId id, RepositoryException fault) throws RepositoryException {
      passOver(fault);
    }
  }
}
