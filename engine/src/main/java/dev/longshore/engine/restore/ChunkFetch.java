package dev.longshore.engine.restore;

import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.PackRun;
import dev.longshore.engine.content.PackVisitor;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.restore.ChunkQueue.Chunk;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Reads chunks in the order of the packs, each content once for all files that hold it, and writes
/// them.
final class ChunkFetch implements AutoCloseable {
  /// Small enough that a pack is read by several threads, large enough that a request pays.
  private static final long RUN_BYTES = 4 << 20;

  private static final int SCRATCH_BYTES = 256 << 10;
  private static final int MAX_ZERO_CONTENTS = 1024;
  private static final int MIN_ZERO_LENGTH = 64 << 10;
  private static final int MAX_OBJECT_CHUNK = 64 << 20;

  private final ContentReader contents;
  private final RestoreTally tally;
  private final FileEnd fileEnd;
  private final CpuPool pool;
  private final Arena arena = Arena.ofShared();
  private final ConcurrentLinkedQueue<MemorySegment> scratch = new ConcurrentLinkedQueue<>();

  /// Lengths of contents that turned out to be zeros; a volume has few different ones, many times.
  private final Map<ContentId, Integer> zeros = new ConcurrentHashMap<>();

  ChunkFetch(ContentReader contents, RestoreOptions options, RestoreTally tally, FileEnd fileEnd) {
    this.contents = contents;
    this.tally = tally;
    this.fileEnd = fileEnd;
    this.pool = new CpuPool("restore", options.parallel(), new ByteBudget(options.budgetBytes()));
  }

  /// Called when the last chunk of a file is done.
  @FunctionalInterface
  interface FileEnd {
    void ended(OutputFile file);
  }

  /// Reads and writes a batch; all its chunks are ended when this returns.
  void read(List<Chunk> chunks) throws InterruptedException {
    Map<ContentId, List<Chunk>> wanted = new HashMap<>();
    for (Chunk chunk : chunks) {
      wanted.computeIfAbsent(chunk.source().contentId(), id -> new ArrayList<>(1)).add(chunk);
    }
    List<IndexEntry> entries = new ArrayList<>();
    wanted.forEach((id, same) -> find(id, same).ifPresent(entries::add));
    List<Future<?>> reads = new ArrayList<>();
    for (PackRun run : PackRun.plan(entries, RUN_BYTES)) {
      Map<ContentId, List<Chunk>> part = new HashMap<>();
      for (IndexEntry entry : run.entries()) {
        part.put(entry.contentId(), take(wanted, entry.contentId()));
      }
      long bytes = run.storedBytes() + run.largestPlainBytes();
      reads.add(pool.submit(bytes, () -> new Read(run, part).run()));
    }
    await(reads);
  }

  private static List<Chunk> take(Map<ContentId, List<Chunk>> wanted, ContentId id) {
    List<Chunk> chunks = wanted.remove(id);
    return chunks == null ? List.of() : chunks;
  }

  /// Finds where a content is; ends its chunks if nothing has to be read, or nothing can be.
  private Optional<IndexEntry> find(ContentId id, List<Chunk> chunks) {
    Integer zeroLength = zeros.get(id);
    if (zeroLength != null) {
      write(chunks, new byte[0], zeroLength);
      return Optional.empty();
    }
    try {
      Optional<IndexEntry> entry = contents.find(id);
      if (entry.isEmpty()) {
        fail(
            chunks,
            new NotFoundException("content " + id + ": expected an index entry, found none"));
      }
      return entry;
    } catch (RepositoryException e) {
      fail(chunks, e);
      return Optional.empty();
    }
  }

  private static void await(List<Future<?>> reads) throws InterruptedException {
    for (Future<?> read : reads) {
      try {
        read.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void fail(List<Chunk> chunks, Exception fault) {
    for (Chunk chunk : chunks) {
      end(chunk, fault);
    }
  }

  /// Ends a chunk, and tells of the first fault of its file.
  private void end(Chunk chunk, @Nullable Exception fault) {
    OutputFile file = chunk.file();
    if (fault != null && file.fail()) {
      tally.failed(file.path(), fault);
    }
    if (file.end()) {
      fileEnd.ended(file);
    }
  }

  /// Writes a content to all places that hold it.
  ///
  /// @param zeroLength of a content known to be zeros, -1 for others
  private void write(List<Chunk> chunks, byte[] payload, int zeroLength) {
    MemorySegment pooled = scratch.poll();
    MemorySegment buffer = pooled == null ? arena.allocate(SCRATCH_BYTES) : pooled;
    byte @Nullable [] inflated = null;
    for (Chunk chunk : chunks) {
      Exception fault = null;
      try {
        if (zeroLength >= 0 && !chunk.source().compressed()) {
          checkLength(chunk, zeroLength);
          chunk.file().writeZeros(chunk.start(), chunk.length(), buffer);
        } else if (!tally.stopped()) {
          byte[] plain = payload;
          if (chunk.source().compressed()) {
            inflated = inflated == null ? inflate(chunk, payload) : inflated;
            plain = inflated;
          }
          checkLength(chunk, plain.length);
          chunk.file().write(plain, chunk.start(), buffer);
        }
        tally.bytes.add(chunk.length());
      } catch (OsException | RepositoryException e) {
        fault = e;
      }
      if (fault == null && tally.stopped()) {
        chunk.file().fail();
      }
      end(chunk, fault);
    }
    scratch.add(buffer);
    tally.progress();
  }

  private static void checkLength(Chunk chunk, int found) throws DamagedException {
    if (found != chunk.length()) {
      throw new DamagedException(
          "object %s: expected %d bytes for offset %d of the file, found %d"
              .formatted(chunk.source(), chunk.length(), chunk.start(), found));
    }
  }

  /// Format 1 compresses objects, not contents; the file's chunk list tells the plain length.
  private static byte[] inflate(Chunk chunk, byte[] payload) throws DamagedException {
    int limit = (int) Math.min(chunk.length(), MAX_OBJECT_CHUNK);
    try {
      return CompressedPayload.decompressUnknown(payload, 0, payload.length, limit);
    } catch (FormatException e) {
      throw new DamagedException("object " + chunk.source() + ": " + e.getMessage(), e);
    }
  }

  /// Reads one run of a pack. Its own thread's alone.
  private final class Read implements PackVisitor {
    private final PackRun run;
    private final Map<ContentId, List<Chunk>> wanted;

    Read(PackRun run, Map<ContentId, List<Chunk>> wanted) {
      this.run = run;
      this.wanted = wanted;
    }

    @Nullable Void run() {
      RepositoryException fault = new NotFoundException("pack " + run.pack() + ": not read");
      if (!tally.stopped()) {
        try {
          contents.readFromPack(run.pack(), run.entries(), this);
        } catch (RepositoryException e) {
          fault = e;
        }
      }
      boolean stopped = tally.stopped();
      for (List<Chunk> chunks : wanted.values()) {
        if (stopped) {
          chunks.forEach(chunk -> chunk.file().fail());
        }
        fail(chunks, fault);
      }
      return null;
    }

    @Override
    public void content(IndexEntry entry, byte[] plain) {
      List<Chunk> chunks = take(wanted, entry.contentId());
      int zeroLength = -1;
      if (plain.length >= MIN_ZERO_LENGTH && isZero(plain)) {
        zeroLength = plain.length;
        if (zeros.size() < MAX_ZERO_CONTENTS) {
          zeros.put(entry.contentId(), zeroLength);
        }
      }
      write(chunks, plain, zeroLength);
    }

    @Override
    public void fault(IndexEntry entry, RepositoryException fault) {
      fail(take(wanted, entry.contentId()), fault);
    }
  }

  private static boolean isZero(byte[] bytes) {
    return bytes[0] == 0 && Arrays.mismatch(bytes, 0, bytes.length - 1, bytes, 1, bytes.length) < 0;
  }

  @Override
  public void close() {
    pool.close();
    arena.close();
  }
}
