package dev.longshore.engine.blob;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Keeps to [ThrottlingLimits]: calls wait until they may begin. Thread-safe.
///
/// A read or a look at a blob is a read request; a put, deletion or renewal of a lock a write
/// request; a listing a list request, however many pages it has. Bytes are counted as they are
/// asked for, those of a whole blob when it has come, those of a draft when it is published. What
/// is tried again counts again, so this belongs beneath [RetryingStore].
///
/// Source: kopia 4ebb2be6c `repo/blob/throttling`, for what counts as what.
public final class ThrottledStore extends ForwardingStore {
  private final TokenBucket reads;
  private final TokenBucket writes;
  private final TokenBucket lists;
  private final TokenBucket upload;
  private final TokenBucket download;
  private final Semaphore readers;
  private final Semaphore writers;

  private ThrottledStore(BlobStore inner, ThrottlingLimits limits, Clock clock, Sleeper sleeper) {
    super(inner);
    this.reads = new TokenBucket("read requests", limits.readsPerSecond(), clock, sleeper);
    this.writes = new TokenBucket("write requests", limits.writesPerSecond(), clock, sleeper);
    this.lists = new TokenBucket("list requests", limits.listsPerSecond(), clock, sleeper);
    this.upload =
        new TokenBucket("the upload speed", limits.uploadBytesPerSecond(), clock, sleeper);
    this.download =
        new TokenBucket("the download speed", limits.downloadBytesPerSecond(), clock, sleeper);
    this.readers = permits(limits.concurrentReads());
    this.writers = permits(limits.concurrentWrites());
  }

  private static Semaphore permits(int limit) {
    return new Semaphore(limit > 0 ? limit : Integer.MAX_VALUE, true);
  }

  /// The store with the limits, or as it is if there are none.
  ///
  /// @param sleeper waits in the time of the clock
  public static BlobStore of(
      BlobStore store, ThrottlingLimits limits, Clock clock, Sleeper sleeper) {
    return limits.equals(ThrottlingLimits.NONE)
        ? store
        : new ThrottledStore(store, limits, clock, sleeper);
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws RepositoryException;
  }

  private static <T> T within(Semaphore permits, TokenBucket requests, Call<T> call)
      throws RepositoryException {
    requests.take(1);
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      throw Faults.interrupted("wait for other requests", e);
    }
    try {
      return call.run();
    } finally {
      permits.release();
    }
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return within(
        readers,
        reads,
        () -> {
          byte[] bytes = inner().get(id);
          download.take(bytes.length);
          return bytes;
        });
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    return within(
        readers,
        reads,
        () -> {
          download.take(length);
          return inner().getRange(id, offset, length);
        });
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    within(
        readers,
        reads,
        () -> {
          download.take(into.remaining());
          inner().getRange(id, offset, into);
          return true;
        });
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    return within(readers, reads, () -> inner().metadata(id));
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    within(
        writers,
        writes,
        () -> {
          upload.take(content.remaining());
          inner().put(id, content, options);
          return true;
        });
  }

  @Override
  public BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    BlobDraft draft = inner().draft(id, expectedBytes, options);
    return new ForwardingDraft(draft) {
      @Override
      public void publish(long length) throws RepositoryException {
        within(
            writers,
            writes,
            () -> {
              upload.take((double) length);
              draft.publish(length);
              return true;
            });
      }
    };
  }

  @Override
  public boolean draftsInMemory() {
    return inner().draftsInMemory();
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    within(
        writers,
        writes,
        () -> {
          inner().extendRetention(id, retention);
          return true;
        });
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    within(
        writers,
        writes,
        () -> {
          inner().delete(id);
          return true;
        });
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    lists.take(1);
    inner().list(prefix, visitor);
  }
}
