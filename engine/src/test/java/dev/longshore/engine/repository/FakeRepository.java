package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.id.ContentId;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A repository in memory, and one client of it. Its key is derived once.
public final class FakeRepository implements AutoCloseable {
  private static final String PASSWORD = "test";

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore store = new MemoryStore(clock);
  private final KeptKey key = KeptKey.inMemory();
  private final Repository repository;
  private int seed = 1;

  private FakeRepository() throws RepositoryException {
    Repositories.create(store, CreateOptions.DEFAULT, PASSWORD, new SeededRandom(seed++));
    this.repository = open(store, CachingOptions.OFF);
  }

  /// Makes a repository, and opens it.
  public static FakeRepository create() {
    try {
      return new FakeRepository();
    } catch (RepositoryException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Another client; closing it leaves the store open.
  ///
  /// @param through the store, or something around it
  public Repository open(BlobStore through, CachingOptions caching) throws RepositoryException {
    ClientOptions client =
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15));
    var kept =
        new ForwardingStore(through) {
          @Override
          public void close() {}
        };
    OpenOptions options = OpenOptions.of(clock, new SeededRandom(seed++)).withCaching(caching);
    return Repositories.open(kept, PASSWORD, key, client, options);
  }

  /// The client.
  public Repository repository() {
    return repository;
  }

  /// Where it lies.
  public MemoryStore store() {
    return store;
  }

  /// Its time.
  public FakeClock clock() {
    return clock;
  }

  /// Writes contents in a session of their own.
  ///
  /// @return the id of the last
  public ContentId write(byte[]... contents) throws RepositoryException {
    return repository.write(
        WriteOptions.forPurpose("test"),
        writer -> {
          ContentId id = null;
          for (byte[] bytes : contents) {
            id =
                writer
                    .contents()
                    .write(ContentId.NO_PREFIX, bytes, 0, bytes.length, Optional.empty());
          }
          if (id == null) {
            throw new IllegalArgumentException("nothing to write");
          }
          return id;
        });
  }

  /// The id that a content would have.
  public ContentId idOf(byte[] bytes) throws RepositoryException {
    var plain =
        new dev.longshore.engine.content.ContentWriter.PlainContent(
            ContentId.NO_PREFIX, bytes, 0, bytes.length);
    try (var writer = repository.openWriter(WriteOptions.forPurpose("test"))) {
      return writer.contents().idsOf(List.of(plain)).getFirst();
    }
  }

  @Override
  public void close() throws RepositoryException {
    repository.close();
  }
}
