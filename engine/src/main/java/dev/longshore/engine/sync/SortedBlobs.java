package dev.longshore.engine.sync;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Blobs in an order of one's own, as many as there may be: what does not fit in memory is sorted
/// in runs in temporary files and merged when it is read. First [#add], then [#cursor] as often as
/// wanted; for use by one thread.
final class SortedBlobs implements AutoCloseable {
  /// Blobs held in memory: some 20 MB.
  static final int IN_MEMORY = 100_000;

  private final Comparator<BlobMetadata> order;
  private final Path scratch;
  private final int inMemory;
  private final List<Path> runs = new ArrayList<>();
  private List<BlobMetadata> rows = new ArrayList<>();
  private boolean sorted = true;
  private long count;
  private long bytes;

  /// @param order total over different names
  /// @param scratch folder for temporary files, made when needed
  SortedBlobs(Comparator<BlobMetadata> order, Path scratch, int inMemory) {
    this.order = order;
    this.scratch = scratch;
    this.inMemory = inMemory;
  }

  /// In the order of names.
  static SortedBlobs byName(Path scratch) {
    return new SortedBlobs(Comparator.comparing(BlobMetadata::id), scratch, IN_MEMORY);
  }

  long count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  void add(BlobMetadata blob) throws RepositoryException {
    if (rows.size() >= inMemory) {
      spill();
    }
    rows.add(blob);
    sorted = false;
    count++;
    bytes += blob.lengthBytes();
  }

  private void spill() throws RepositoryException {
    rows.sort(order);
    try {
      Files.createDirectories(scratch);
      Path run = Files.createTempFile(scratch, "blobs-", ".list");
      runs.add(run);
      try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(run)))) {
        for (BlobMetadata row : rows) {
          out.writeUTF(row.id().value());
          out.writeLong(row.lengthBytes());
          Instant time = row.timestamp();
          out.writeLong(time.getEpochSecond());
          out.writeInt(time.getNano());
        }
      }
    } catch (IOException e) {
      throw scratchFault(e);
    }
    rows = new ArrayList<>();
  }

  private StoreException scratchFault(IOException e) {
    return new StoreException(
        "temporary list of blobs in " + scratch + ": " + e.getMessage(), Retry.NEVER, e);
  }

  /// Reads from the first blob on; a name that was added twice comes once.
  Cursor cursor() throws RepositoryException {
    if (!sorted) {
      rows.sort(order);
      sorted = true;
    }
    return new Cursor();
  }

  /// Reads blobs in order.
  final class Cursor implements AutoCloseable {
    private final PriorityQueue<Run> heads;
    private final List<Run> open = new ArrayList<>();
    private @Nullable BlobId last;

    private Cursor() throws RepositoryException {
      heads = new PriorityQueue<>((a, b) -> order.compare(a.head(), b.head()));
      try {
        for (Path file : runs) {
          begin(new Run(new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))));
        }
        begin(new Run(null));
      } catch (IOException e) {
        close();
        throw scratchFault(e);
      }
    }

    private void begin(Run run) throws IOException {
      open.add(run);
      if (run.advance()) {
        heads.add(run);
      }
    }

    /// The next blob; null at the end.
    @Nullable BlobMetadata next() throws RepositoryException {
      for (Run run = heads.poll(); run != null; run = heads.poll()) {
        BlobMetadata found = run.head();
        try {
          if (run.advance()) {
            heads.add(run);
          }
        } catch (IOException e) {
          throw scratchFault(e);
        }
        if (!found.id().equals(last)) {
          last = found.id();
          return found;
        }
      }
      return null;
    }

    @Override
    public void close() {
      open.forEach(Run::close);
    }
  }

  /// One sorted run: a file, or what is in memory.
  private final class Run {
    private final @Nullable DataInputStream file;
    private int at;
    private @Nullable BlobMetadata head;

    Run(@Nullable DataInputStream file) {
      this.file = file;
    }

    BlobMetadata head() {
      if (head == null) {
        throw new IllegalStateException("at the end");
      }
      return head;
    }

    boolean advance() throws IOException {
      if (file == null) {
        head = at < rows.size() ? rows.get(at++) : null;
        return head != null;
      }
      String name;
      try {
        name = file.readUTF();
      } catch (EOFException e) {
        head = null;
        return false;
      }
      head =
          new BlobMetadata(
              new BlobId(name),
              file.readLong(),
              Instant.ofEpochSecond(file.readLong(), file.readInt()));
      return true;
    }

    void close() {
      if (file != null) {
        try {
          file.close();
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  @Override
  public void close() throws RepositoryException {
    try {
      for (Path run : runs) {
        Files.deleteIfExists(run);
      }
    } catch (IOException e) {
      throw scratchFault(e);
    }
    runs.clear();
  }
}
