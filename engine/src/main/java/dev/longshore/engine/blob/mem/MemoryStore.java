package dev.longshore.engine.blob.mem;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Blobs in memory, for tests and for embedding. Thread-safe; lost with the process.
public final class MemoryStore implements BlobStore {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Blob(byte[] bytes, Instant timestamp) {}

  private final ConcurrentSkipListMap<BlobId, Blob> blobs = new ConcurrentSkipListMap<>();
  private final Clock clock;

  /// @param clock the store's own, for the blobs' timestamps
  public MemoryStore(Clock clock) {
    this.clock = clock;
  }

  @Override
  public byte[] get(BlobId id) throws RepositoryException {
    return find(id).bytes.clone();
  }

  @Override
  public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
    byte[] bytes = find(id).bytes;
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("range " + offset + "+" + length);
    }
    if (offset > bytes.length - length) {
      throw new StoreException(
          "get " + id + ": range " + offset + "+" + length + " of " + bytes.length + " bytes",
          Retry.NEVER);
    }
    return Arrays.copyOfRange(bytes, (int) offset, (int) offset + length);
  }

  @Override
  public Optional<BlobMetadata> metadata(BlobId id) {
    Blob blob = blobs.get(id);
    return blob == null ? Optional.empty() : Optional.of(metadata(id, blob));
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions options) throws RepositoryException {
    if (options.retention().isPresent()) {
      throw new UnsupportedException("put " + id + ": a memory store cannot lock blobs");
    }
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    Blob blob = new Blob(bytes, clock.instant());
    if (!options.ifAbsent()) {
      blobs.put(id, blob);
    } else if (blobs.putIfAbsent(id, blob) != null) {
      throw new StoreException("put " + id + ": it exists already", Retry.NEVER);
    }
  }

  @Override
  public void delete(BlobId id) {
    blobs.remove(id);
  }

  @Override
  public void list(String prefix, Visitor visitor) throws RepositoryException {
    for (Map.Entry<BlobId, Blob> entry : blobs.entrySet()) {
      if (entry.getKey().startsWith(prefix)) {
        visitor.visit(metadata(entry.getKey(), entry.getValue()));
      }
    }
  }

  @Override
  public StoreDescription description() {
    return new StoreDescription("memory", "Memory", "{}");
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public Optional<Capacity> capacity() {
    return Optional.empty();
  }

  @Override
  public void close() {}

  private Blob find(BlobId id) throws NotFoundException {
    Blob blob = blobs.get(id);
    if (blob == null) {
      throw new NotFoundException("blob " + id + " is not there");
    }
    return blob;
  }

  private static BlobMetadata metadata(BlobId id, Blob blob) {
    return new BlobMetadata(id, blob.bytes.length, blob.timestamp);
  }
}
