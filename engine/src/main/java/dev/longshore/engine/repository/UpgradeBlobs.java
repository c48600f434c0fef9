package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.epoch.EpochBlobName;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The blobs that an upgrade goes by: the format blob, with the lock in it; what is kept of it to
/// go back to, `kopia.repository.backup.<owner>`; and the blob that closes the old index, as old
/// programs cannot read it.
///
/// Source: kopia 4ebb2be6c `repo/format/upgrade_lock.go`.
final class UpgradeBlobs {
  /// What the names of kept format blobs begin with.
  static final String BACKUP_PREFIX = "kopia.repository.backup.";

  private static final byte[] POISON_BODY =
      "The format of this repository has been upgraded and cannot be read by old clients"
          .getBytes(StandardCharsets.US_ASCII);

  private final BlobStore store;
  private final String password;
  private final KeptKey key;
  private final OpenOptions options;

  UpgradeBlobs(BlobStore store, String password, KeptKey key, OpenOptions options) {
    this.store = store;
    this.password = password;
    this.key = key;
    this.options = options;
  }

  /// The format as it is now.
  SharedFormat load() throws RepositoryException {
    SharedFormat shared = SharedFormat.load(store, password, key);
    shared.checkFeatures(options.warnings());
    return shared;
  }

  void write(SharedFormat shared, RepositoryFormat changed) throws RepositoryException {
    FormatBlob sealed =
        FormatBlobCodec.reseal(shared.blob(), changed, shared.formatKey(), options.random());
    put(shared, SharedFormat.FORMAT_BLOB, sealed.encode());
  }

  private void put(SharedFormat shared, BlobId id, byte[] bytes) throws RepositoryException {
    SharedFormat.put(store, id, bytes, SharedFormat.putOptions(shared.retention(), false));
  }

  /// Keeps the format blob, and none of earlier upgrades: one of them would be gone back to.
  void keep(SharedFormat shared, String ownerId) throws RepositoryException {
    forgetKept();
    put(shared, new BlobId(BACKUP_PREFIX + ownerId), shared.stored());
  }

  /// The format before the upgrade; empty if it was not kept.
  Optional<SharedFormat> kept() throws RepositoryException {
    List<BlobMetadata> found = list(BACKUP_PREFIX);
    found.sort(Comparator.comparing(BlobMetadata::timestamp).thenComparing(BlobMetadata::id));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    byte[] old = store.get(found.getFirst().id());
    return Optional.of(SharedFormat.reload(store, old, load().formatKey()));
  }

  /// Goes back to a format that was kept.
  void restore(SharedFormat before) throws RepositoryException {
    if (!before.format().epochParameters().enabled()) {
      // Old clients must be able to open it the moment they may.
      store.delete(V0IndexSet.POISON);
      deleteAll(EpochBlobName.PREFIX);
    }
    put(before, SharedFormat.FORMAT_BLOB, before.stored());
    forgetKept();
  }

  void forgetKept() throws RepositoryException {
    deleteAll(BACKUP_PREFIX);
  }

  /// Closes the old index to programs that read it and nothing else.
  void closeOldIndex(SharedFormat shared) throws RepositoryException {
    put(shared, V0IndexSet.POISON, POISON_BODY);
  }

  boolean isOldIndexClosed() throws RepositoryException {
    return store.metadata(V0IndexSet.POISON).isPresent();
  }

  boolean hasOldIndex() throws RepositoryException {
    return list(V0IndexSet.INDEX_PREFIX).stream()
        .anyMatch(blob -> !blob.id().equals(V0IndexSet.POISON));
  }

  private List<BlobMetadata> list(String prefix) throws RepositoryException {
    List<BlobMetadata> found = new ArrayList<>();
    store.list(prefix, found::add);
    return found;
  }

  private void deleteAll(String prefix) throws RepositoryException {
    for (BlobMetadata blob : list(prefix)) {
      store.delete(blob.id());
    }
  }
}
