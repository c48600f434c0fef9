package dev.longshore.engine.index;

import dev.longshore.engine.concurrent.Scope;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Makes one segment of index blobs and older segments. For one use by one owner.
///
/// Small blobs are merged in memory, some at a time; the plain bytes of large ones go to files
/// without a name. What is too much to be merged at once is merged in steps.
final class SegmentBuild implements AutoCloseable {
  private static final int PARALLEL_GETS = 8;
  private static final int PARALLEL_COPIES = 4;
  private static final int MAX_RUNS = 256;

  private final IndexFolder folder;
  private final IndexBlobSource source;
  private final long heapBytes;
  private final int keyLength;

  private final Set<BlobId> covered = new HashSet<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<FileChannel> copies = new ArrayList<>();

  /// Merges of parts; their files have no names any more.
  private final List<Segment> parts = new ArrayList<>();

  /// @param heapBytes what may be held of blobs
  SegmentBuild(IndexFolder folder, IndexBlobSource source, long heapBytes) {
    this.folder = folder;
    this.source = source;
    this.heapBytes = heapBytes;
    this.keyLength = folder.crypto().hasher().sizeBytes() + 1;
  }

  /// Merges and writes.
  ///
  /// @param blobs what is to be in the segment
  /// @param known readers of some of them
  /// @param older segments to be taken into it
  /// @return the segment; its file has a name of its own
  Segment run(List<BlobMetadata> blobs, Map<BlobId, IndexReader> known, List<Segment> older)
      throws IOException, RepositoryException {
    gather(blobs, known, older);
    return folder.write(runs, covered, keyLength);
  }

  /// As above, of blobs alone; the file is gone when nobody uses the segment any more.
  Segment runUnnamed(List<BlobMetadata> blobs) throws IOException, RepositoryException {
    gather(blobs, Map.of(), List.of());
    return folder.writeUnnamed(runs, keyLength);
  }

  private void gather(List<BlobMetadata> blobs, Map<BlobId, IndexReader> known, List<Segment> older)
      throws IOException, RepositoryException {
    List<BlobMetadata> small = new ArrayList<>();
    List<BlobMetadata> large = new ArrayList<>();
    for (BlobMetadata blob : blobs) {
      if (!known.containsKey(blob.id())) {
        (blob.lengthBytes() > heapBytes / 4 ? large : small).add(blob);
      }
    }
    addSmall(small);
    addLarge(large);
    for (BlobMetadata blob : blobs) {
      IndexReader reader = known.get(blob.id());
      if (reader != null) {
        addReader(blob.id(), reader);
      }
    }
    for (Segment segment : older) {
      runs.add(segment.run((char) 0, 'z'));
      covered.addAll(segment.blobs());
    }
    while (parts.size() > maxRuns()) {
      List<Segment> first = parts.subList(0, maxRuns());
      Segment merged = folder.writeUnnamed(runsOf(first), keyLength);
      first.clear();
      parts.add(merged);
    }
    runs.addAll(runsOf(parts));
  }

  private int maxRuns() {
    return Math.clamp(heapBytes / Run.HEAP_BYTES, 8, MAX_RUNS);
  }

  private static List<Run> runsOf(List<Segment> segments) {
    List<Run> all = new ArrayList<>();
    segments.forEach(segment -> all.add(segment.run((char) 0, 'z')));
    return all;
  }

  private void addSmall(List<BlobMetadata> small) throws IOException, RepositoryException {
    List<BlobId> batch = new ArrayList<>();
    long bytes = 0;
    for (BlobMetadata blob : small) {
      if (bytes + blob.lengthBytes() > heapBytes && !batch.isEmpty()) {
        addBatch(batch);
        spill();
        batch.clear();
        bytes = 0;
      }
      batch.add(blob.id());
      bytes += blob.lengthBytes();
    }
    addBatch(batch);
  }

  private void addBatch(List<BlobId> batch) throws RepositoryException {
    Map<BlobId, IndexReader> readers = new ConcurrentHashMap<>();
    try (Scope scope = new Scope("load index", PARALLEL_GETS)) {
      for (BlobId id : batch) {
        scope.fork(() -> read(id).ifPresent(reader -> readers.put(id, reader)));
      }
      scope.join();
    }
    for (Map.Entry<BlobId, IndexReader> blob : readers.entrySet()) {
      addReader(blob.getKey(), blob.getValue());
    }
  }

  private Optional<IndexReader> read(BlobId id) throws RepositoryException {
    try {
      return Optional.of(source.read(id));
    } catch (DamagedException | UnsupportedException e) {
      source.damaged(id, e);
      return Optional.empty();
    }
  }

  private void addReader(BlobId id, IndexReader reader) throws RepositoryException {
    if (reader.size() == 0 || hasOurKeys(id, reader.keyLength())) {
      covered.add(id);
    }
    if (reader.size() > 0 && covered.contains(id)) {
      runs.add(new ReaderRun(reader));
    }
  }

  private boolean hasOurKeys(BlobId id, int found) throws RepositoryException {
    if (found == keyLength) {
      return true;
    }
    source.damaged(
        id,
        new DamagedException(
            "index blob %s: expected ids of %d bytes, found %d".formatted(id, keyLength, found)));
    return false;
  }

  /// Merges the runs there are to a part.
  private void spill() throws IOException, RepositoryException {
    if (!runs.isEmpty()) {
      parts.add(folder.writeUnnamed(runs, keyLength));
      runs.clear();
      closeCopies();
    }
  }

  private void addLarge(List<BlobMetadata> large) throws IOException, RepositoryException {
    for (int from = 0; from < large.size(); from += maxRuns()) {
      if (from > 0) {
        spill();
      }
      addCopies(large.subList(from, Math.min(large.size(), from + maxRuns())));
    }
  }

  private void addCopies(List<BlobMetadata> some) throws RepositoryException {
    Map<BlobId, BlobRun> found = new ConcurrentHashMap<>();
    try (Scope scope = new Scope("load index", PARALLEL_COPIES)) {
      for (BlobMetadata blob : some) {
        scope.fork(() -> copy(blob.id()).ifPresent(run -> found.put(blob.id(), run)));
      }
      scope.join();
    }
    for (Map.Entry<BlobId, BlobRun> blob : found.entrySet()) {
      BlobRun run = blob.getValue();
      if (run.keyLength() == 0 || hasOurKeys(blob.getKey(), run.keyLength())) {
        covered.add(blob.getKey());
      }
      if (run.keyLength() == keyLength) {
        runs.add(run);
      }
    }
  }

  private Optional<BlobRun> copy(BlobId id) throws RepositoryException {
    try {
      FileChannel file = unnamed();
      source.copy(id, file);
      return Optional.of(new BlobRun(id, file));
    } catch (DamagedException | UnsupportedException e) {
      source.damaged(id, e);
      return Optional.empty();
    } catch (IOException e) {
      throw LocalFaults.of("copy index blob " + id, e);
    }
  }

  /// A file that is gone once it is closed, or the process dies.
  private FileChannel unnamed() throws IOException {
    Path path = folder.temporary();
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    synchronized (copies) {
      copies.add(file);
    }
    Files.delete(path);
    return file;
  }

  private void closeCopies() throws IOException {
    for (FileChannel file : copies) {
      file.close();
    }
    copies.clear();
  }

  @Override
  public void close() throws IOException {
    closeCopies();
  }
}
