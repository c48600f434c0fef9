package dev.longshore.engine.restore;

import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.Chunk;
import dev.longshore.engine.fetch.ChunkReceiver;
import dev.longshore.engine.posix.OsException;
import dev.longshore.format.id.ContentId;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Writes contents to every place that holds them.
final class ChunkWriter implements ChunkReceiver<OutputFile>, AutoCloseable {
  private static final int SCRATCH_BYTES = 256 << 10;
  private static final int MAX_ZERO_CONTENTS = 1024;
  private static final int MIN_ZERO_LENGTH = 64 << 10;

  private final RestoreTally tally;
  private final EntryEnd fileEnd;
  private final Arena arena = Arena.ofShared();
  private final ConcurrentLinkedQueue<MemorySegment> scratch = new ConcurrentLinkedQueue<>();

  /// Lengths of contents that turned out to be zeros; a volume has few different ones, many times.
  private final Map<ContentId, Integer> zeros = new ConcurrentHashMap<>();

  ChunkWriter(RestoreTally tally, EntryEnd fileEnd) {
    this.tally = tally;
    this.fileEnd = fileEnd;
  }

  @Override
  public boolean stopped() {
    return tally.stopped();
  }

  @Override
  public boolean takesUnread(ContentId id, List<Chunk<OutputFile>> chunks) {
    Integer length = zeros.get(id);
    if (length == null) {
      return false;
    }
    forEach(chunks, (chunk, buffer) -> writeZeros(chunk, length, buffer));
    return true;
  }

  @Override
  public void received(ContentId id, ByteSpan content, List<Chunk<OutputFile>> chunks) {
    boolean compressed = chunks.stream().anyMatch(chunk -> chunk.source().compressed());
    if (!compressed && content.length() >= MIN_ZERO_LENGTH && isZero(content)) {
      if (zeros.size() < MAX_ZERO_CONTENTS) {
        zeros.put(id, content.length());
      }
      forEach(chunks, (chunk, buffer) -> writeZeros(chunk, content.length(), buffer));
      return;
    }
    forEach(
        chunks,
        (chunk, buffer) -> chunk.owner().write(chunk.plain(content), chunk.start(), buffer));
  }

  private static boolean isZero(ByteSpan span) {
    byte[] bytes = span.bytes();
    int from = span.offset();
    int last = from + span.length() - 1;
    return bytes[from] == 0 && Arrays.mismatch(bytes, from, last, bytes, from + 1, last + 1) < 0;
  }

  private static void writeZeros(Chunk<OutputFile> chunk, int length, MemorySegment buffer)
      throws OsException, RepositoryException {
    if (chunk.source().compressed()) {
      // Zeros are no compressed payload: the chunk list lies.
      chunk.plain(ByteSpan.of(new byte[0]));
    }
    chunk.checkLength(length);
    chunk.owner().writeZeros(chunk.start(), length, buffer);
  }

  @Override
  public void failed(List<Chunk<OutputFile>> chunks, RepositoryException fault) {
    for (Chunk<OutputFile> chunk : chunks) {
      end(chunk, fault);
    }
  }

  private interface Write {
    void run(Chunk<OutputFile> chunk, MemorySegment buffer) throws OsException, RepositoryException;
  }

  private void forEach(List<Chunk<OutputFile>> chunks, Write write) {
    MemorySegment pooled = scratch.poll();
    MemorySegment buffer = pooled == null ? arena.allocate(SCRATCH_BYTES) : pooled;
    for (Chunk<OutputFile> chunk : chunks) {
      OutputFile file = chunk.owner();
      Exception fault = null;
      boolean held = false;
      try {
        if (tally.stopped()) {
          file.fail();
        } else {
          // Held until the file may have ended, which needs it open as well.
          file.acquire();
          held = true;
          write.run(chunk, buffer);
          tally.bytes.add(chunk.length());
        }
      } catch (OsException | RepositoryException e) {
        fault = e;
      }
      end(chunk, fault);
      if (held) {
        file.release();
      }
    }
    scratch.add(buffer);
    tally.progress();
  }

  /// Ends a chunk, and tells of the first fault of its file; not of those that come of stopping.
  private void end(Chunk<OutputFile> chunk, @Nullable Exception fault) {
    OutputFile file = chunk.owner();
    if (fault != null) {
      boolean stopped = tally.stopped();
      if (file.fail() && !(stopped && fault instanceof RepositoryException)) {
        tally.failed(file.path(), fault);
      }
    }
    if (file.end()) {
      fileEnd.ended(file);
    }
  }

  /// Frees the memory, when nobody writes any more.
  @Override
  public void close() {
    arena.close();
  }
}
