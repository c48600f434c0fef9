package dev.longshore.engine.sync;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Copies what changes in place: the maintenance schedule, and last of all the retention and the
/// format blob, which belong together, as one key seals both.
final class SharedBlobs {
  private static final int ATTEMPTS = 5;

  private final BlobStore source;
  private final BlobStore destination;
  private final SyncOptions options;
  private final BlobCopier copier;
  private long copiedBlobs;
  private long copiedBytes;

  SharedBlobs(BlobStore source, BlobStore destination, SyncOptions options, BlobCopier copier) {
    this.source = source;
    this.destination = destination;
    this.options = options;
    this.copier = copier;
  }

  long copiedBlobs() {
    return copiedBlobs;
  }

  long copiedBytes() {
    return copiedBytes;
  }

  void copy() throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    source.list(BlobKinds.SHARED_PREFIX, found::add);
    for (BlobMetadata blob : found) {
      BlobId id = blob.id();
      if (!id.equals(BlobKinds.FORMAT) && !id.equals(BlobKinds.RETENTION)) {
        Optional<byte[]> bytes = read(source, id);
        if (bytes.isPresent()) {
          copyIfNewer(blob, bytes.get());
        }
      }
    }
    copyFormat();
  }

  private void copyFormat() throws RepositoryException {
    for (int i = 0; i < ATTEMPTS; i++) {
      byte[] format = required();
      BlobMetadata formatBlob = metadata(BlobKinds.FORMAT);
      Optional<byte[]> retention = read(source, BlobKinds.RETENTION);
      if (Arrays.equals(format, required())) {
        if (retention.isPresent()) {
          copyIfNewer(metadata(BlobKinds.RETENTION), retention.get());
        }
        copyIfNewer(formatBlob, format);
        return;
      }
    }
    throw new BusyException("somebody goes on changing " + BlobKinds.FORMAT + " in the source");
  }

  private byte[] required() throws RepositoryException {
    return source.get(BlobKinds.FORMAT);
  }

  private BlobMetadata metadata(BlobId id) throws RepositoryException {
    return source
        .metadata(id)
        .orElseThrow(() -> new NotFoundException(id + " is gone from the source"));
  }

  private static Optional<byte[]> read(BlobStore store, BlobId id) throws RepositoryException {
    try {
      return Optional.of(store.get(id));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private void copyIfNewer(BlobMetadata from, byte[] bytes) throws RepositoryException {
    Optional<BlobMetadata> there = destination.metadata(from.id());
    if (there.isPresent()) {
      boolean newer = from.timestamp().isAfter(there.get().timestamp());
      if (!options.update() || !newer || Arrays.equals(bytes, destination.get(from.id()))) {
        return;
      }
    }
    copier.put(from.id(), bytes, from.timestamp());
    copiedBlobs++;
    copiedBytes += bytes.length;
  }
}
