package dev.longshore.engine.object;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// The object writers of one write session, and what they share: the CPU pool, buffers, and the
/// chunks of zeros that were written once.
///
/// Callers must not be threads of the pool. Source: kopia 4ebb2be6c
/// `repo/object/object_manager.go`, `object_writer.go`.
public final class ObjectSession implements ObjectWriters {
  /// The prefix of chunk lists of objects that have none themselves.
  static final char LIST_PREFIX = 'x';

  private static final int MAX_WHOLE_BYTES = 64 << 20;
  private static final int KEPT_ZERO_CHUNKS = 64;

  private final ContentWriter contents;
  private final ChunkBatches batches;
  private final SplitterAlgorithm ownSplitter;
  private final boolean contentCompression;
  private final ObjectReader reader;
  private final ChunkBuffers buffers;
  private final ConcurrentHashMap<ZeroChunk, ObjectId> zeroChunks = new ConcurrentHashMap<>();

  /// @param pool runs hashing, compression and sealing, and bounds the bytes that wait for it
  /// @param ownSplitter the repository's own
  /// @param contentCompression contents can be compressed (index format 2); if not, data objects
  ///   are compressed themselves
  public ObjectSession(
      ContentWriter contents,
      CpuPool pool,
      SplitterAlgorithm ownSplitter,
      boolean contentCompression) {
    this.contents = contents;
    this.ownSplitter = ownSplitter;
    this.contentCompression = contentCompression;
    this.reader = new ContentObjectReader(contents);
    this.batches = new ChunkBatches(contents, pool, contentCompression, this::writeAlone);
    this.buffers = new ChunkBuffers(pool, ownSplitter.newSplitter().maxChunkBytes());
  }

  @Override
  public ObjectWriter open(ObjectOptions options) {
    return newWriter(options);
  }

  @Override
  public PendingObject submit(ObjectOptions options, ByteBuffer data) throws RepositoryException {
    int length = data.remaining();
    if (length > MAX_WHOLE_BYTES) {
      throw new IllegalArgumentException("a content of " + length + " bytes");
    }
    ChunkBuffer buffer = buffers.none();
    buffer.reserve(length);
    buffer.grow(length, 0, length, false);
    data.get(buffer.array(), 0, length);
    Future<ObjectId> id = submitChunk(options, buffer, length);
    return () -> {
      if (!id.isDone()) {
        hurry();
      }
      return await(id);
    };
  }

  @Override
  public ObjectListWriter openList(ObjectOptions list) {
    return new ChunkListBuilder(this, list);
  }

  @Override
  public ObjectId concatenate(List<ObjectId> parts, ObjectOptions options)
      throws RepositoryException {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("nothing to concatenate");
    }
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    try (ChunkListBuilder list =
        new ChunkListBuilder(this, options.prefix(), options.metadataCompression())) {
      for (ObjectId part : parts) {
        reader.forEachChunk(part, (start, length, direct) -> list.append(length, direct));
      }
      return list.finish();
    }
  }

  SplittingObjectWriter newWriter(ObjectOptions options) {
    return new SplittingObjectWriter(this, options, options.splitter().orElse(ownSplitter));
  }

  /// Writes a chunk on the calling thread.
  ObjectId writeChunk(ObjectOptions options, byte[] data, int length) throws RepositoryException {
    Optional<Compression> compression = options.compression();
    if (!contentCompression) {
      if (compression.isPresent() && options.prefix() == ContentId.NO_PREFIX) {
        Optional<byte[]> payload = CompressedPayload.compress(compression.get(), data, 0, length);
        if (payload.isPresent()) {
          byte[] bytes = payload.get();
          return new ObjectId(
              0, true, contents.write(options.prefix(), bytes, 0, bytes.length, Optional.empty()));
        }
      }
      compression = Optional.empty();
    }
    return ObjectId.direct(contents.write(options.prefix(), data, 0, length, compression));
  }

  /// The arrays that chunks are gathered in.
  ChunkBuffers buffers() {
    return buffers;
  }

  /// Writes a chunk on the pool, which takes over the buffer.
  Future<ObjectId> submitChunk(ObjectOptions options, ChunkBuffer buffer, int length)
      throws RepositoryException {
    buffer.reserve(length);
    CompletableFuture<ObjectId> id = new CompletableFuture<>();
    batches.add(new ChunkTask(options, buffer, length, id));
    return id;
  }

  /// Says that somebody waits for chunks that were submitted.
  void hurry() {
    batches.hurry();
  }

  /// Writes a chunk of zeros on the pool, unless it was written before.
  Future<ObjectId> submitZeroChunk(ObjectOptions options, int length) throws RepositoryException {
    ObjectId known = zeroChunks.get(new ZeroChunk(length, options));
    return known != null
        ? CompletableFuture.completedFuture(known)
        : submitChunk(options, buffers.none(), length);
  }

  /// Writes a chunk of zeros, or one that is to be compressed before it is hashed.
  private ObjectId writeAlone(ChunkTask task) throws RepositoryException {
    if (!task.isZeros()) {
      return writeChunk(task.options(), task.data(), task.length());
    }
    // The first of a run of zeros may have been written while this one waited.
    ZeroChunk chunk = new ZeroChunk(task.length(), task.options());
    ObjectId id = zeroChunks.get(chunk);
    if (id == null) {
      id = writeChunk(task.options(), new byte[task.length()], task.length());
      if (zeroChunks.size() < KEPT_ZERO_CHUNKS) {
        zeroChunks.put(chunk, id);
      }
    }
    return id;
  }

  /// Waits for a chunk and rethrows its failure as it was.
  static ObjectId await(Future<ObjectId> chunk) throws RepositoryException {
    try {
      return chunk.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RepositoryException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  static StoreException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StoreException("interrupted while writing contents", StoreException.Retry.NEVER, e);
  }

  /// What makes two chunks of zeros the same object.
  private record ZeroChunk(int length, char prefix, Optional<Compression> compression) {
    ZeroChunk(int length, ObjectOptions options) {
      this(length, options.prefix(), options.compression());
    }
  }
}
