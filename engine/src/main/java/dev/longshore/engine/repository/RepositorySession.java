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

  /// Packs that are made durable at once, where that is all there is to do.
  private static final int FILES_AT_ONCE = 4;

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
    // Shares of the budget: plain chunks that wait for the pool, and packs, if they are in memory.
    // The rest is what the workers compress in.
    boolean packsInMemory = store.draftsInMemory();
    long chunkBytes = Math.max(1, options.budgetBytes() / 4 * (packsInMemory ? 2 : 3));
    this.pool = new CpuPool("contents", options.workers(), new ByteBudget(chunkBytes));
    long packs = options.budgetBytes() / 4 / Math.max(1, repository.format().maxPackSize());
    int uploads = packsInMemory ? Math.clamp(packs, 1, MAX_PARALLEL_UPLOADS) : FILES_AT_ONCE;
    this.contents =
        store.openSession(
            new ContentWriteOptions(
                uploads,
                MemoryBudget.ofProcess().pendingEntries(),
                ContentWriteOptions.DEFAULT.indexInterval(),
                options.damage()));
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
