package dev.longshore.engine.object;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.repository.RepositoryFormat;
import java.util.Optional;

/// A write session over memory, with object writers and readers on top.
final class ObjectBench implements AutoCloseable {
  final ContentStore store;
  final ContentSession contents;
  final CpuPool pool;
  final ObjectSession writers;
  final ObjectReader reader;

  ObjectBench(String splitter) throws RepositoryException {
    this(TestContents.defaultFormat(), splitter);
  }

  ObjectBench(RepositoryFormat format, String splitter) throws RepositoryException {
    this(new MemoryStore(FakeClock.of2026()), format, splitter, FakeClock.of2026());
  }

  ObjectBench(BlobStore blobs, RepositoryFormat format, String splitter, FakeClock clock)
      throws RepositoryException {
    store = TestContents.open(blobs, format, clock);
    contents = store.openSession(ContentWriteOptions.DEFAULT);
    pool = new CpuPool("test", 2, new ByteBudget(32 << 20));
    writers =
        new ObjectSession(
            contents,
            pool,
            SplitterAlgorithm.byName(splitter).orElseThrow(),
            format.supportsContentCompression());
    reader = new ContentObjectReader(contents);
  }

  static final ObjectOptions PLAIN =
      new ObjectOptions(
          ContentId.NO_PREFIX,
          Optional.empty(),
          Optional.of(Compression.ZSTD_FASTEST),
          Optional.empty());

  ObjectId write(byte[] data) throws RepositoryException {
    return write(data, PLAIN);
  }

  ObjectId write(byte[] data, ObjectOptions options) throws RepositoryException {
    try (ObjectWriter writer = writers.open(options)) {
      writer.write(data, 0, data.length);
      return writer.result();
    }
  }

  @Override
  public void close() throws RepositoryException {
    pool.close();
    contents.close();
    store.close();
  }
}
