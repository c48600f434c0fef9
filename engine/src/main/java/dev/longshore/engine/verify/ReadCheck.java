package dev.longshore.engine.verify;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.PackWindow;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.Chunk;
import dev.longshore.engine.fetch.ChunkReceiver;
import dev.longshore.format.id.ContentId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Ticks off files' chunks as their contents are read, each content once for the whole
/// verification.
final class ReadCheck implements ChunkReceiver<FileRead> {
  private static final int MAX_FAULTS = 10_000;

  private final VerifyTally tally;
  private final IdSet good = new IdSet(MemoryBudget.ofProcess().idBytes() / 2);
  private final Map<ContentId, RepositoryException> bad = new ConcurrentHashMap<>();

  private final ContentReader contents;
  private final PackWindow window;

  /// @param window contents in other packs are not read
  ReadCheck(VerifyTally tally, ContentReader contents, PackWindow window) {
    this.tally = tally;
    this.contents = contents;
    this.window = window;
  }

  @Override
  public boolean stopped() {
    return tally.stopped();
  }

  @Override
  public boolean takesUnread(ContentId id, List<Chunk<FileRead>> chunks) {
    RepositoryException fault = bad.get(id);
    if (fault != null) {
      failed(chunks, fault);
      return true;
    }
    if (isBeyond(id)) {
      chunks.forEach(chunk -> end(chunk, null));
      return true;
    }
    // A content that is compressed as an object is cheap to read again, and needs its bytes.
    if (!good.contains(id, 0) || chunks.stream().anyMatch(c -> c.source().compressed())) {
      return false;
    }
    chunks.forEach(chunk -> end(chunk, null));
    return true;
  }

  private boolean isBeyond(ContentId id) {
    if (window.equals(PackWindow.ALL)) {
      return false;
    }
    try {
      return contents.find(id).filter(entry -> !window.includes(entry.packBlobId())).isPresent();
    } catch (RepositoryException e) {
      return false; // the reading will tell
    }
  }

  @Override
  public void mended(ContentId id) {
    tally.mended(id);
  }

  @Override
  public void received(ContentId id, ByteSpan content, List<Chunk<FileRead>> chunks) {
    good.add(id, 0);
    for (Chunk<FileRead> chunk : chunks) {
      RepositoryException fault = null;
      try {
        chunk.plain(content);
      } catch (RepositoryException e) {
        fault = e;
      }
      end(chunk, fault);
    }
    tally.progress();
  }

  @Override
  public void failed(List<Chunk<FileRead>> chunks, RepositoryException fault) {
    if (!tally.stopped() && !chunks.isEmpty()) {
      ContentId id = chunks.getFirst().source().contentId();
      if (bad.size() < MAX_FAULTS) {
        bad.put(id, fault);
      }
      tally.damaged(id, fault);
    }
    chunks.forEach(chunk -> end(chunk, fault));
  }

  private void end(Chunk<FileRead> chunk, @Nullable RepositoryException fault) {
    FileRead file = chunk.owner();
    if (fault != null) {
      boolean stopped = tally.stopped();
      if (file.fail() && !stopped) {
        tally.error(file.path, fault);
      }
    }
    end(file);
  }

  /// Ends the plan or a chunk of a file.
  void end(FileRead file) {
    if (file.ends() && file.isGood()) {
      tally.readFiles.increment();
      tally.readBytes.add(file.length());
    }
  }
}
