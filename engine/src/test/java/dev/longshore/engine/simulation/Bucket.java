package dev.longshore.engine.simulation;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.StoreDescription;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is in a store: each blob, what it was before, and since when lists know of it. For one
/// thread at a time.
final class Bucket {
  private final VirtualTime time;
  private final TreeMap<BlobId, Blob> blobs = new TreeMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  record Version(byte[] bytes, Instant time) {}

  /// @param current null if it was deleted
  /// @param before what a stale read gives
  /// @param listedFrom until then lists show what was there before
  private record Blob(
      @Nullable Version current,
      @Nullable Version before,
      @Nullable Version listed,
      Instant listedFrom) {}

  Bucket(VirtualTime time) {
    this.time = time;
  }

  /// Another bucket with the same blobs, in another time.
  Bucket copy(VirtualTime other) {
    Bucket copy = new Bucket(other);
    copy.blobs.putAll(blobs);
    return copy;
  }

  /// @param lag after which lists know
  void put(BlobId id, byte[] bytes, Duration lag) {
    Version version = new Version(bytes, time.now());
    Blob old = blobs.get(id);
    blobs.put(
        id,
        new Blob(
            version,
            old == null ? null : old.current,
            old == null ? null : listed(old),
            time.now().plus(lag)));
  }

  /// @param lag after which lists know
  void delete(BlobId id, Duration lag) {
    Blob old = blobs.get(id);
    if (old != null && old.current != null) {
      blobs.put(id, new Blob(null, old.current, listed(old), time.now().plus(lag)));
    }
  }

  private @Nullable Version listed(Blob blob) {
    return time.now().isBefore(blob.listedFrom) ? blob.listed : blob.current;
  }

  Optional<Version> get(BlobId id) {
    Blob blob = blobs.get(id);
    return blob == null ? Optional.empty() : Optional.ofNullable(blob.current);
  }

  /// What was there before the last change, if anything.
  Optional<Version> stale(BlobId id) {
    Blob blob = blobs.get(id);
    return blob == null ? Optional.empty() : Optional.ofNullable(blob.before);
  }

  /// What lists show now.
  ///
  /// @param late go by when lists know; or else by what is there
  List<BlobMetadata> list(String prefix, boolean late) {
    List<BlobMetadata> found = new ArrayList<>();
    for (Map.Entry<BlobId, Blob> entry : blobs.entrySet()) {
      Version shown = late ? listed(entry.getValue()) : entry.getValue().current;
      if (shown != null && entry.getKey().startsWith(prefix)) {
        found.add(new BlobMetadata(entry.getKey(), shown.bytes.length, shown.time));
      }
    }
    return found;
  }

  /// A range of a version.
  static byte[] range(BlobId id, Version version, long offset, int length) throws StoreException {
    if (offset > version.bytes.length - length) {
      throw new StoreException(
          "get " + id + ": range " + offset + "+" + length + " of " + version.bytes.length,
          Retry.NEVER);
    }
    return Arrays.copyOfRange(version.bytes, (int) offset, (int) offset + length);
  }

  /// The bucket without faults or delays.
  BlobStore truth() {
    return new Truth();
  }

  private final class Truth implements BlobStore {
    private Version find(BlobId id) throws NotFoundException {
      return Bucket.this.get(id).orElseThrow(() -> new NotFoundException("no blob " + id));
    }

    @Override
    public byte[] get(BlobId id) throws RepositoryException {
      return find(id).bytes.clone();
    }

    @Override
    public byte[] getRange(BlobId id, long offset, int length) throws RepositoryException {
      return range(id, find(id), offset, length);
    }

    @Override
    public Optional<BlobMetadata> metadata(BlobId id) {
      return Bucket.this.get(id).map(found -> new BlobMetadata(id, found.bytes.length, found.time));
    }

    @Override
    public void put(BlobId id, ByteBuffer content, PutOptions options) {
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      Bucket.this.put(id, bytes, Duration.ZERO);
    }

    @Override
    public void delete(BlobId id) {
      Bucket.this.delete(id, Duration.ZERO);
    }

    @Override
    public void list(String prefix, Visitor visitor) throws RepositoryException {
      for (BlobMetadata blob : Bucket.this.list(prefix, false)) {
        visitor.visit(blob);
      }
    }

    @Override
    public StoreDescription description() {
      return new StoreDescription("memory", "Simulation", "{}");
    }

    @Override
    public Optional<Capacity> capacity() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
