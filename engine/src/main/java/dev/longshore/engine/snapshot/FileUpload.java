package dev.longshore.engine.snapshot;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.concurrent.BufferPool;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.policy.CompressionChoice;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads files, streams and symbolic links into objects.
///
/// Faults of the source are plain `IOException`s, those of the repository [RepositoryException]s.
/// Thread-safe. Source: kopia 4ebb2be6c `snapshot/upload/upload.go`.
final class FileUpload {
  private static final int BUFFER_BYTES = 512 << 10;

  /// A policy that asks for more parts is not followed.
  private static final long MAX_PARTS = 1 << 20;

  private final UploadContext context;

  FileUpload(UploadContext context) {
    this.context = context;
  }

  /// The entry of an object with a source's metadata.
  static DirEntry entry(SourceEntry source, String name, ObjectId object, long sizeBytes) {
    return new DirEntry(
        name,
        source instanceof SourceSymlink ? EntryType.SYMLINK : EntryType.FILE,
        GoFileMode.ofUnix(source.status().mode()),
        sizeBytes,
        source.status().mtimeEpochNanos(),
        Integer.toUnsignedLong(source.status().uid()),
        Integer.toUnsignedLong(source.status().gid()),
        object,
        null);
  }

  /// Reads a file; a large one in parts side by side, if the policy says so.
  ///
  /// @param policy that holds for the file itself
  DirEntry file(SourceFile file, Policy policy, CheckpointRegistry registry) throws IOException {
    ObjectOptions options = options(policy, file.name(), file.status().sizeBytes());
    Long above = policy.upload().parallelUploadAboveSizeBytes();
    long size = file.status().sizeBytes();
    if (above == null || above <= 0 || size <= above || size / above >= MAX_PARTS) {
      return part(file, new Part(file.name(), 0, Long.MAX_VALUE), options, registry);
    }
    List<Part> parts = new ArrayList<>();
    for (long i = 0; i < size / above; i++) {
      parts.add(new Part(partName(), i * above, above));
    }
    // A file that grows meanwhile ends in the last.
    parts.add(new Part(partName(), size / above * above, Long.MAX_VALUE));
    return joined(file, parts, options, registry);
  }

  private String partName() {
    return new UUID(context.random.nextLong(), context.random.nextLong()).toString();
  }

  private DirEntry joined(
      SourceFile file, List<Part> parts, ObjectOptions options, CheckpointRegistry registry)
      throws IOException {
    DirEntry[] entries = new DirEntry[parts.size()];
    try (WorkShare.Group group = context.share.group()) {
      for (int i = 0; i < entries.length; i++) {
        int index = i;
        group.run(() -> entries[index] = part(file, parts.get(index), options, registry));
      }
      group.join();
    }
    List<ObjectId> ids = new ArrayList<>();
    long size = 0;
    for (DirEntry entry : entries) {
      ids.add(entry.objectId());
      size += entry.sizeBytes();
    }
    return entry(file, file.name(), context.writers.concatenate(ids, options), size);
  }

  /// A piece of a file.
  ///
  /// @param name under which it shows in checkpoints
  private record Part(String name, long offset, long length) {}

  private DirEntry part(
      SourceFile file, Part part, ObjectOptions options, CheckpointRegistry registry)
      throws IOException {
    SourceReader reader;
    try {
      reader = file.open();
    } catch (IOException e) {
      throw new IOException("unable to open file: " + e.getMessage(), e);
    }
    try (reader;
        CheckedWriter writer =
            new CheckedWriter(context.writers.open(options), file, part.name, registry)) {
      if (part.offset > 0) {
        reader.seek(part.offset);
      }
      long written = copy(reader, part.length, writer);
      ObjectId object = writer.result();
      if (reader.changed()) {
        context.counters.changedFiles.increment();
      }
      context.counters.files.incrementAndGet();
      context.counters.totalSize.add(written);
      return entry(file, part.name, object, written);
    }
  }

  /// @param limit bytes to copy at most
  private long copy(SourceReader reader, long limit, CheckedWriter writer) throws IOException {
    try (BufferPool.Lease buffer = context.buffers.lease(BUFFER_BYTES)) {
      return copy(reader, limit, writer, buffer.array());
    }
  }

  private long copy(SourceReader reader, long limit, CheckedWriter writer, byte[] buffer)
      throws IOException {
    long copied = 0;
    while (copied < limit) {
      context.checkStopped();
      long rest = limit - copied;
      long hole = reader.skipHole(rest);
      if (hole > 0) {
        writer.writeZeros(hole);
        copied += hole;
        context.read(hole);
        continue;
      }
      int n = reader.read(buffer, 0, (int) Math.min(rest, buffer.length));
      if (n < 0) {
        break;
      }
      writer.write(buffer, n);
      copied += n;
      context.read(n);
    }
    return copied;
  }

  /// Reads a stream to its end.
  DirEntry stream(SourceStream stream, Policy policy) throws IOException {
    long written = 0;
    try (InputStream in = stream.open();
        BufferPool.Lease lease = context.buffers.lease(BUFFER_BYTES);
        ObjectWriter writer = context.writers.open(options(policy, stream.name(), 0))) {
      byte[] buffer = lease.array();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        context.checkStopped();
        writer.write(buffer, 0, n);
        written += n;
        context.read(n);
      }
      ObjectId object = writer.result();
      context.counters.files.incrementAndGet();
      context.counters.totalSize.add(written);
      return entry(stream, stream.name(), object, written);
    }
  }

  /// Stores where a symbolic link points.
  DirEntry symlink(SourceSymlink link, Policy policy) throws IOException {
    byte[] target;
    try {
      target = link.target();
    } catch (IOException e) {
      throw new IOException("unable to read symlink: " + e.getMessage(), e);
    }
    ObjectOptions options =
        new ObjectOptions(
            ContentId.NO_PREFIX, Optional.empty(), metadataCompression(policy), Optional.empty());
    try (ObjectWriter writer = context.writers.open(options)) {
      writer.write(target, 0, target.length);
      context.read(target.length);
      return entry(link, link.name(), writer.result(), target.length);
    }
  }

  private static ObjectOptions options(Policy policy, String name, long sizeBytes) {
    return new ObjectOptions(
        ContentId.NO_PREFIX,
        Compression.byName(CompressionChoice.forFile(policy.compression(), name, sizeBytes)),
        metadataCompression(policy),
        // A name that this version does not know stands for the repository's own, as with Kopia.
        SplitterAlgorithm.byName(policy.splitter()));
  }

  /// The compression of directories and lists.
  static Optional<Compression> metadataCompression(Policy policy) {
    return Compression.byName(CompressionChoice.metadata(policy.metadataCompressor()));
  }

  /// A writer whose state a checkpoint can store between two writes. If a call fails on one thread,
  /// the other's next has failed for the same reason.
  private static final class CheckedWriter implements CheckpointRegistry.Point, AutoCloseable {
    private final ObjectWriter writer;
    private final SourceFile file;
    private final String name;
    private final CheckpointRegistry registry;
    private @Nullable RepositoryException failure;
    private boolean ended;

    CheckedWriter(ObjectWriter writer, SourceFile file, String name, CheckpointRegistry registry) {
      this.writer = writer;
      this.file = file;
      this.name = name;
      this.registry = registry;
      registry.add(name, this);
    }

    synchronized void write(byte[] data, int length) throws RepositoryException {
      call(() -> {
        writer.write(data, 0, length);
        return length;
      });
    }

    synchronized void writeZeros(long length) throws RepositoryException {
      call(() -> {
        writer.writeZeros(length);
        return length;
      });
    }

    synchronized ObjectId result() throws RepositoryException {
      ended = true;
      return call(writer::result);
    }

    /// Its size is the whole file's, as Kopia has it; the object covers less.
    @Override
    public synchronized Optional<DirEntry> checkpoint() throws RepositoryException {
      if (ended || failure != null) {
        return Optional.empty();
      }
      return call(writer::checkpoint)
          .map(object -> entry(file, name, object, file.status().sizeBytes()));
    }

    private <T> T call(Call<T> call) throws RepositoryException {
      if (failure != null) {
        throw failure;
      }
      try {
        return call.run();
      } catch (RepositoryException e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public void close() {
      registry.remove(name);
      synchronized (this) {
        ended = true;
        writer.close();
      }
    }
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws RepositoryException;
  }
}
