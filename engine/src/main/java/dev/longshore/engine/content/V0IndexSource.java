package dev.longshore.engine.content;

import dev.longshore.engine.cache.Listing;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.epoch.CompactionLog;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.epoch.V0IndexSet;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.session.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Index blobs without epochs: what compaction logs do not supersede is in force.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
final class V0IndexSource implements IndexSource {
  private final IndexBlobs blobs;

  /// Logs never change, so each is read once. Replaced as a whole.
  private volatile Map<BlobId, CompactionLog> logs = Map.of();

  V0IndexSource(IndexBlobs blobs) {
    this.blobs = blobs;
  }

  @Override
  public Active load(OwnBlobs own, Lists lists) throws RepositoryException {
    Map<BlobId, CompactionLog> known = logs;
    Map<BlobId, CompactionLog> found = new HashMap<>();
    // Logs first: an index blob listed after a log that replaces it merely counts twice.
    Listing listedLogs = blobs.listing(CompactionLog.BLOB_PREFIX, lists);
    for (BlobMetadata blob : listedLogs.blobs()) {
      CompactionLog log = known.get(blob.id());
      if (log == null) {
        log = read(blob.id()).orElse(null);
      }
      if (log != null) {
        found.put(blob.id(), log);
      }
    }
    logs = found;
    Listing listedIndex = blobs.listing(V0IndexSet.INDEX_PREFIX, lists);
    if (listedIndex.at().isBefore(listedLogs.at())) {
      // The caches of the two lists are not of one age.
      listedIndex = blobs.listing(V0IndexSet.INDEX_PREFIX, Lists.FRESH);
    }
    List<BlobMetadata> listed = own.complete(listedIndex.blobs());
    refuseUpgraded(listed);
    return new Active(V0IndexSet.active(listed, found.values()), entry -> false, listedLogs.at());
  }

  /// The blob that an upgrade to epochs leaves is no index: it keeps out who still goes by the old
  /// format.
  private static void refuseUpgraded(List<BlobMetadata> listed) throws UnsupportedException {
    if (listed.stream().anyMatch(blob -> blob.id().equals(V0IndexSet.POISON))) {
      throw new UnsupportedException(
          "the repository has been upgraded to epochs (there is an index blob "
              + V0IndexSet.POISON
              + "), but its format blob was read as one without: open it again, or end the upgrade"
              + " with Kopia");
    }
  }

  private Optional<CompactionLog> read(BlobId id) throws RepositoryException {
    try {
      return Optional.of(CompactionLog.decode(blobs.open(id)));
    } catch (NotFoundException e) {
      return Optional.empty(); // cleaned up since it was listed
    } catch (FormatException e) {
      throw Faults.unreadable("compaction log " + id, e);
    }
  }

  @Override
  public Map<BlobId, byte[]> publish(List<byte[]> plainShards, SessionId session)
      throws RepositoryException {
    Map<BlobId, byte[]> put = new HashMap<>();
    for (byte[] plain : plainShards) {
      put.put(blobs.put(V0IndexSet.INDEX_PREFIX, session.value(), plain), plain);
    }
    return put;
  }

  @Override
  public List<BlobMetadata> all() throws RepositoryException {
    return new ArrayList<>(blobs.list(V0IndexSet.INDEX_PREFIX));
  }

  @Override
  public Optional<EpochState> epochs() {
    return Optional.empty();
  }
}
