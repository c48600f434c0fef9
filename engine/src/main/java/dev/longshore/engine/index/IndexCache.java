package dev.longshore.engine.index;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import dev.longshore.format.seal.RepositoryCrypto;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Segments of a repository's index in a folder of its client's cache, shared by its processes.
///
/// Only what the segments in use cover is kept, so the folder holds about as much as the index
/// blobs in force; twice that while a segment is made. Thread-safe.
public final class IndexCache {
  private static final System.Logger LOG = System.getLogger(IndexCache.class.getName());

  /// An older segment this many times as large as what is to be written is left as it is: few
  /// segments to look into, and no entry written more than a few times.
  private static final int TIER = 4;

  private static final int MAX_ATTEMPTS = 3;

  private final IndexFolder folder;
  private final long heapBytes;

  private IndexCache(IndexFolder folder, long heapBytes) {
    this.folder = folder;
    this.heapBytes = heapBytes;
  }

  /// The cache in a folder, which is made when it is needed; nothing is done here, as most indexes
  /// are small.
  ///
  /// @param heapBytes what may be held in memory while a segment is made
  public static IndexCache in(
      Path folder, RepositoryCrypto crypto, SecureRandom random, long heapBytes) {
    return new IndexCache(new IndexFolder(folder.toAbsolutePath(), crypto, random), heapBytes);
  }

  /// The folder.
  public Path path() {
    return folder.path();
  }

  /// Tells whether segments can be made: the system has the calls that are needed, and the folder,
  /// which is made if need be, can be written.
  public boolean isWritable() {
    return Posix.isAvailable() && folder.make();
  }

  /// Looks for segments in the folder that may stand for blobs in force.
  ///
  /// @param active the blobs in force
  /// @param have segments of some of them that are in use already
  /// @return those and what was found; each blob is in one at most
  public List<Segment> find(Set<BlobId> active, List<Segment> have) throws RepositoryException {
    if (!Posix.isAvailable()) {
      return have;
    }
    Set<Path> open = new HashSet<>();
    have.forEach(segment -> open.add(segment.path()));
    List<Segment> found = new ArrayList<>();
    try {
      for (Path file : folder.segments()) {
        if (!open.contains(file)) {
          open(file).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      throw LocalFaults.of("read " + folder.path(), e);
    }
    found.sort(Comparator.comparingLong(Segment::size).reversed());
    List<Segment> all = new ArrayList<>(have);
    for (Segment segment : found) {
      if (active.containsAll(segment.blobs()) && isApart(segment, all)) {
        all.add(segment);
      }
    }
    return all;
  }

  private static boolean isApart(Segment segment, List<Segment> others) {
    return others.stream()
        .noneMatch(other -> other.blobs().stream().anyMatch(segment.blobs()::contains));
  }

  private Optional<Segment> open(Path file) throws IOException {
    try {
      return Optional.of(Segment.open(file, folder.crypto()));
    } catch (DamagedException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
      return Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty(); // deleted meanwhile
    }
  }

  /// Sees to it that segments stand for all blobs in force, making one of those that none has yet.
  ///
  /// @param active the blobs in force
  /// @param have segments of some of them that are in use already
  /// @param known readers of some of the blobs
  /// @return segments; what [IndexBlobSource#damaged] let pass is in none
  public List<Segment> cover(
      List<BlobMetadata> active,
      List<Segment> have,
      Map<BlobId, IndexReader> known,
      IndexBlobSource source)
      throws RepositoryException {
    for (int attempt = 1; ; attempt++) {
      try (IndexFolder.Writing _ = folder.lock()) {
        List<Segment> all = build(active, have, known, source);
        folder.tidy(all);
        return all;
      } catch (IOException e) {
        // Somebody may have cleared the cache meanwhile.
        boolean vanished =
            e instanceof NoSuchFileException || e.getCause() instanceof NoSuchFileException;
        if (!vanished || attempt == MAX_ATTEMPTS) {
          throw LocalFaults.of("write in " + folder.path(), e);
        }
      }
    }
  }

  /// The merge of index blobs, tombstones too, in a file that is gone when nobody uses the segment
  /// any more; other segments stay as they are.
  ///
  /// @param source whose [IndexBlobSource#damaged] throws: the merge must leave nothing out
  public Segment merge(List<BlobMetadata> blobs, IndexBlobSource source)
      throws RepositoryException {
    try (IndexFolder.Writing _ = folder.lock();
        SegmentBuild build = new SegmentBuild(folder, source, heapBytes)) {
      return build.runUnnamed(blobs);
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw LocalFaults.of("write in " + folder.path(), e);
    }
  }

  private List<Segment> build(
      List<BlobMetadata> active,
      List<Segment> have,
      Map<BlobId, IndexReader> known,
      IndexBlobSource source)
      throws IOException, RepositoryException {
    Set<BlobId> ids = new HashSet<>();
    active.forEach(blob -> ids.add(blob.id()));
    // Another process may have made while this one waited what this one wants.
    List<Segment> stay = new ArrayList<>(find(ids, have));
    Set<BlobId> covered = new HashSet<>();
    stay.forEach(segment -> covered.addAll(segment.blobs()));
    List<BlobMetadata> blobs = new ArrayList<>();
    long bytes = 0;
    for (BlobMetadata blob : active) {
      if (!covered.contains(blob.id())) {
        blobs.add(blob);
        bytes += blob.lengthBytes();
      }
    }
    if (blobs.isEmpty()) {
      return stay;
    }
    List<Segment> older = new ArrayList<>();
    stay.sort(Comparator.comparingLong(Segment::lengthBytes));
    while (!stay.isEmpty() && stay.getFirst().lengthBytes() <= TIER * bytes) {
      Segment smallest = stay.removeFirst();
      bytes += smallest.lengthBytes();
      older.add(smallest);
    }
    try (SegmentBuild build = new SegmentBuild(folder, source, heapBytes)) {
      stay.add(build.run(blobs, known, older));
    }
    return stay;
  }
}
