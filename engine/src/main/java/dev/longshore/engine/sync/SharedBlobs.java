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
          copyIfOther(blob, bytes.get());
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
          copyIfOther(metadata(BlobKinds.RETENTION), retention.get());
        }
        copyIfOther(formatBlob, format);
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

  /// What the source says counts, whoever wrote last: times are those of two stores, whose clocks
  /// may be apart, and both blobs of the format must be of one key.
  private void copyIfOther(BlobMetadata from, byte[] bytes) throws RepositoryException {
    Optional<BlobMetadata> there = destination.metadata(from.id());
    if (there.isPresent()) {
      boolean same =
          there.get().lengthBytes() == bytes.length
              && Arrays.equals(bytes, destination.get(from.id()));
      if (same || !options.update()) {
        return;
      }
    }
    copier.put(from.id(), bytes, from.timestamp());
    copiedBlobs++;
    copiedBytes += bytes.length;
  }
}
