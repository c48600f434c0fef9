package dev.longshore.engine.repository;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestSession;
import dev.longshore.engine.manifest.ManifestStore;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.object.ContentObjectReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.object.ObjectSession;
import dev.longshore.engine.object.ObjectWriters;

/// One write session over the contents, objects and manifests of a repository.
final class RepositorySession implements RepositoryWriter {
  private static final int MAX_PARALLEL_UPLOADS = 8;

  private final Repository repository;
  private final CpuPool pool;
  private final ContentSession contents;
  private final ObjectReader objects;
  private final ObjectSession objectWriters;
  private final ManifestSession manifests;
  private boolean closed;

  RepositorySession(
      Repository repository,
      ContentStore store,
      ManifestStore manifestStore,
      SplitterAlgorithm splitter,
      WriteOptions options,
      OpenOptions environment) {
    this.repository = repository;
    // Shares of the budget: plain chunks that wait for the pool, and packs on their way, one of
    // which
    // is being filled. The rest is what the workers seal and compress in.
    long chunkBytes = Math.max(1, options.budgetBytes() / 5 * 2);
    this.pool = new CpuPool("contents", options.workers(), new ByteBudget(chunkBytes));
    long packs = chunkBytes / Math.max(1, repository.format().maxPackSize()) - 1;
    this.contents =
        store.openSession(
            new ContentWriteOptions(
                Math.clamp(packs, 1, MAX_PARALLEL_UPLOADS),
                MemoryBudget.ofProcess().pendingEntries(),
                ContentWriteOptions.DEFAULT.indexInterval()));
    this.objects = new ContentObjectReader(contents);
    this.objectWriters =
        new ObjectSession(
            contents, pool, splitter, repository.format().supportsContentCompression());
    this.manifests = manifestStore.openSession(contents, environment.clock(), environment.random());
  }

  @Override
  public Repository repository() {
    return repository;
  }

  @Override
  public ContentWriter contents() {
    return contents;
  }

  @Override
  public ObjectReader objects() {
    return objects;
  }

  @Override
  public ObjectWriters objectWriters() {
    return objectWriters;
  }

  @Override
  public ManifestWriter manifests() {
    return manifests;
  }

  @Override
  public void flush() throws RepositoryException {
    manifests.write();
    contents.flush();
    manifests.published();
  }

  @Override
  public void close() throws RepositoryException {
    if (!closed) {
      closed = true;
      try {
        pool.close();
      } finally {
        contents.close();
      }
    }
  }
}
