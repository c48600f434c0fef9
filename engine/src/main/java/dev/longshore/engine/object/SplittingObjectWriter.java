package dev.longshore.engine.object;

import dev.longshore.chunker.Splitter;
import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Fills a buffer up to the next cut, hands it to the pool, and keeps the chunks' ids in order.
///
/// A chunk of nothing but zeros so far has no buffer: only its length is kept, until other bytes
/// follow.
final class SplittingObjectWriter implements ObjectWriter {
  /// What the splitter is shown for a run of zeros.
  private static final byte[] ZEROS = new byte[1 << 20];

  /// More chunks than this do not wait for the one before them.
  private static final int MAX_PENDING = 1024;

  private final ObjectSession session;
  private final ObjectOptions options;
  private final SplitterAlgorithm algorithm;
  private final Splitter splitter;
  private final ChunkListBuilder chunks;
  private final Deque<PendingChunk> pending = new ArrayDeque<>();

  private ChunkBuffer buffer;
  private boolean largeChunks;
  private int filled;
  private int zeros;
  private long length;
  private @Nullable ObjectId result;
  private boolean closed;

  // A call is under way or has failed: what was taken in is not known to be whole.
  private boolean broken;

  SplittingObjectWriter(ObjectSession session, ObjectOptions options, SplitterAlgorithm algorithm) {
    this(
        session,
        options,
        algorithm,
        new ChunkListBuilder(session, options.prefix(), options.metadataCompression()));
  }

  private SplittingObjectWriter(
      ObjectSession session,
      ObjectOptions options,
      SplitterAlgorithm algorithm,
      ChunkListBuilder chunks) {
    this.session = session;
    this.options = options;
    this.algorithm = algorithm;
    this.splitter = algorithm.newSplitter();
    this.chunks = chunks;
    this.buffer = session.buffers().none();
  }

  @Override
  public void write(byte[] data, int offset, int count) throws RepositoryException {
    Objects.checkFromIndexSize(offset, count, data.length);
    begin();
    int at = offset;
    int end = offset + count;
    while (at < end) {
      int cut = splitter.nextCut(data, at, end - at);
      int taken = cut < 0 ? end - at : cut;
      append(data, at, taken);
      at += taken;
      length += taken;
      if (cut >= 0) {
        endChunk();
      }
    }
    broken = false;
  }

  @Override
  public void writeZeros(long count) throws RepositoryException {
    if (count < 0) {
      throw new IllegalArgumentException(count + " zeros");
    }
    begin();
    long rest = count;
    while (rest > 0) {
      int shown = (int) Math.min(rest, ZEROS.length);
      int cut = splitter.nextCut(ZEROS, 0, shown);
      int taken = cut < 0 ? shown : cut;
      if (filled == 0) {
        zeros += taken;
      } else {
        append(ZEROS, 0, taken);
      }
      rest -= taken;
      length += taken;
      if (cut >= 0) {
        endChunk();
      }
    }
    broken = false;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public ObjectId result() throws RepositoryException {
    ObjectId done = result;
    if (done == null) {
      begin();
      finishLastChunk();
      done = chunks.finish();
      result = done;
    }
    return done;
  }

  @Override
  public Optional<ObjectId> checkpoint() throws RepositoryException {
    begin();
    collect(0);
    Optional<ObjectId> done = chunks.checkpoint();
    broken = false;
    return done;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      // Chunks that no thread has begun are dropped; the others end by themselves.
      pending.forEach(chunk -> chunk.id.cancel(false));
      pending.clear();
      dropBuffer();
      chunks.close();
    }
  }

  /// A writer that has taken the same bytes and goes on by itself.
  SplittingObjectWriter fork() throws RepositoryException {
    begin();
    collect(0);
    SplittingObjectWriter copy =
        new SplittingObjectWriter(session, options, algorithm, chunks.fork());
    // No splitter remembers anything from before its last cut, so the bytes since then are its
    // state.
    copy.write(buffer.array(), 0, filled);
    copy.writeZeros(zeros);
    copy.length = length;
    broken = false;
    return copy;
  }

  private void begin() {
    if (closed || result != null) {
      throw new IllegalStateException("object writer has ended");
    }
    if (broken) {
      throw new IllegalStateException("object writer has failed before");
    }
    broken = true;
  }

  private void append(byte[] data, int offset, int count) throws RepositoryException {
    int wanted = filled + zeros + count;
    if (buffer.array().length < wanted) {
      grow(wanted);
    }
    byte[] array = buffer.array();
    if (zeros > 0) {
      Arrays.fill(array, 0, zeros, (byte) 0);
      filled = zeros;
      zeros = 0;
    }
    System.arraycopy(data, offset, array, filled, count);
    filled += count;
  }

  /// A large file gets a large buffer at once for all chunks but its first. Lists are written by
  /// threads that may have a buffer for the data already, so they do not wait.
  private void grow(int wanted) throws RepositoryException {
    int most = splitter.maxChunkBytes();
    boolean waits = options.prefix() == ContentId.NO_PREFIX;
    buffer.grow(largeChunks ? Math.max(wanted, most) : wanted, filled, most, waits);
  }

  private void endChunk() throws RepositoryException {
    int size = filled + zeros;
    Future<ObjectId> id;
    largeChunks = ChunkBuffers.isLarge(buffer.array().length);
    if (filled == 0 || isZero(buffer.array(), filled)) {
      id = session.submitZeroChunk(options, size);
    } else {
      id = session.submitChunk(options, buffer, size);
      buffer = session.buffers().none();
    }
    pending.add(new PendingChunk(size, id));
    filled = 0;
    zeros = 0;
    collect(MAX_PENDING);
  }

  /// Writes what is left on this thread, which has nothing to do but to wait. An object without
  /// chunks gets one, empty.
  private void finishLastChunk() throws RepositoryException {
    int size = filled + zeros;
    ObjectId last = null;
    if (size > 0 || (pending.isEmpty() && chunks.isEmpty())) {
      byte[] data = filled == 0 ? new byte[size] : buffer.array();
      last = session.writeChunk(options, data, size);
      dropBuffer();
    }
    collect(0);
    if (last != null) {
      chunks.append(size, last);
    }
  }

  /// Moves ids from the head of the queue to the list: those that are there, and more until at most
  /// `limit` are left.
  private void collect(int limit) throws RepositoryException {
    PendingChunk head = pending.peek();
    if (head != null && limit == 0) {
      session.hurry();
    }
    while (head != null && (pending.size() > limit || head.id.isDone())) {
      chunks.append(head.size, ObjectSession.await(head.id));
      pending.remove();
      head = pending.peek();
    }
  }

  private void dropBuffer() {
    buffer.close();
    filled = 0;
    zeros = 0;
  }

  private static boolean isZero(byte[] data, int length) {
    for (int at = 0; at < length; at += ZEROS.length) {
      int size = Math.min(ZEROS.length, length - at);
      if (Arrays.mismatch(data, at, at + size, ZEROS, 0, size) >= 0) {
        return false;
      }
    }
    return true;
  }

  private record PendingChunk(int size, Future<ObjectId> id) {}
}
