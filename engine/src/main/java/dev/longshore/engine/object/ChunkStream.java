package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader.ContentVisitor;
import java.io.InputStream;
import java.util.Objects;

/// The bytes of an object, one chunk in memory. Skipping passes over chunks without reading them.
final class ChunkStream extends InputStream {
  private static final byte[] NO_CHUNK = new byte[0];

  private final ContentObjectReader reader;
  private final ChunkCursor chunks;
  private final ContentVisitor read;
  private byte[] chunk = NO_CHUNK;
  private int at;
  // Of the cursor's chunk nothing was read or skipped yet.
  private boolean due;
  private boolean ended;

  ChunkStream(ContentObjectReader reader, ChunkCursor chunks) {
    this(reader, chunks, content -> {});
  }

  /// @param read is told of each content before it is read
  ChunkStream(ContentObjectReader reader, ChunkCursor chunks, ContentVisitor read) {
    this.reader = reader;
    this.chunks = chunks;
    this.read = read;
  }

  @Override
  public int read() throws RepositoryException {
    return fill() ? chunk[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws RepositoryException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, target, offset, count);
    at += count;
    return count;
  }

  @Override
  public long skip(long count) throws RepositoryException {
    long rest = count;
    while (rest > 0) {
      if (at < chunk.length) {
        int step = (int) Math.min(rest, chunk.length - at);
        at += step;
        rest -= step;
      } else if (!advance()) {
        break;
      } else if (chunks.end() - chunks.start() <= rest) {
        rest -= chunks.end() - chunks.start();
        due = false;
      } else {
        load();
      }
    }
    return Math.max(0, count) - Math.max(0, rest);
  }

  @Override
  public int available() {
    return chunk.length - at;
  }

  @Override
  public void close() {
    ended = true;
    due = false;
    chunk = NO_CHUNK;
    at = 0;
    chunks.close();
  }

  /// Makes sure that there are bytes at hand; false at the end of the object.
  private boolean fill() throws RepositoryException {
    while (at == chunk.length) {
      if (!advance()) {
        return false;
      }
      load();
    }
    return true;
  }

  private boolean advance() throws RepositoryException {
    chunk = NO_CHUNK;
    at = 0;
    if (!due && !ended) {
      due = chunks.next();
      ended = !due;
    }
    return due;
  }

  private void load() throws RepositoryException {
    read.visit(chunks.object().contentId());
    chunk = reader.readDirect(chunks.object(), chunks.end() - chunks.start());
    at = 0;
    due = false;
  }
}
