package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Counts what is asked of a store, whether it succeeds or not. Thread-safe.
public final class MeteredStore extends ForwardingStore {
  private final LongAdder gets = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder lists = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder others = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();

  /// Counts from 0.
  public MeteredStore(BlobStore inner) {
    super(inner);
  }

  /// What was counted so far.
  public StoreUsage usage() {
    return new StoreUsage(
        gets.sum(),
        puts.sum(),
        lists.sum(),
        deletes.sum(),
        others.sum(),
        readBytes.sum(),
        writtenBytes.sum());
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    gets.increment();
    byte[] bytes = inner().get(id);
    readBytes.add(bytes.length);
    return bytes;
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    gets.increment();
    byte[] bytes = inner().getRange(id, offset, length);
    readBytes.add(bytes.length);
    return bytes;
  }

  @Override
  public void getRange(BlobId id, long offset, ByteBuffer into) throws RepositoryException {
    gets.increment();
    int before = into.remaining();
    inner().getRange(id, offset, into);
    readBytes.add(before - into.remaining());
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) throws RepositoryException {
    others.increment();
    return inner().metadata(id);
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    puts.increment();
    writtenBytes.add(content.remaining());
    inner().put(id, content, options);
  }

  @Override
  public BlobDraft draft(BlobId id, int expectedBytes, PutOptions options)
      throws RepositoryException {
    BlobDraft draft = inner().draft(id, expectedBytes, options);
    return new ForwardingDraft(draft) {
      @Override
      public void publish(long length) throws RepositoryException {
        puts.increment();
        writtenBytes.add(length);
        draft.publish(length);
      }
    };
  }

  @Override
  public boolean draftsInMemory() {
    return inner().draftsInMemory();
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    others.increment();
    inner().extendRetention(id, retention);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    deletes.increment();
    inner().delete(id);
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    lists.increment();
    inner().list(prefix, visitor);
  }
}
