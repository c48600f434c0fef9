package dev.longshore.engine.repair;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.ContentVerifier.Trouble;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Gathers what a verification finds damaged, and what error correction mended. Thread-safe;
/// bounded: of more than [DamageList#MAX_ITEMS] places or ids some are not noted.
public final class DamageNotes {
  private final Set<BlobId> lostPacks = new HashSet<>();
  private final Map<BlobId, Set<ContentId>> damaged = new HashMap<>();
  private final Map<ContentId, IndexEntry> bad = new HashMap<>();
  private final Set<ContentId> absent = new HashSet<>();
  private final Set<ContentId> mended = new HashSet<>();
  private int count;

  /// Something could not be looked at, or not noted.
  private boolean incomplete;

  /// Notes a content that is not as it should be; what could not be read for other reasons is not
  /// noted.
  public synchronized void note(IndexEntry entry, Trouble trouble) {
    if (trouble == Trouble.UNREADABLE || bad.size() >= DamageList.MAX_ITEMS) {
      incomplete = true;
      return;
    }
    bad.put(entry.contentId(), entry);
    if (trouble == Trouble.DAMAGED) {
      if (count < DamageList.MAX_ITEMS
          && damaged
              .computeIfAbsent(entry.packBlobId(), _ -> new HashSet<>())
              .add(entry.contentId())) {
        count++;
      }
    } else {
      lostPacks.add(entry.packBlobId());
    }
  }

  /// Notes a content that could not be read, wherever it is, or is nowhere.
  public void note(ContentReader contents, ContentId id) {
    try {
      Optional<IndexEntry> entry = contents.find(id);
      if (entry.isPresent()) {
        note(entry.get(), Trouble.DAMAGED);
      } else {
        noteAbsent(id);
      }
    } catch (RepositoryException e) {
      // The index cannot be read; that is told elsewhere.
    }
  }

  private synchronized void noteAbsent(ContentId id) {
    if (absent.size() < DamageList.MAX_ITEMS) {
      absent.add(id);
    }
  }

  /// Notes a content that error correction brought back.
  public synchronized void noteMended(ContentId id) {
    if (mended.size() < DamageList.MAX_ITEMS) {
      mended.add(id);
    }
  }

  /// Contents that are damaged or missing, with their entries in force.
  synchronized Map<ContentId, IndexEntry> bad() {
    return Map.copyOf(bad);
  }

  /// Contents that no index entry names.
  synchronized Set<ContentId> absent() {
    return Set.copyOf(absent);
  }

  synchronized Set<ContentId> mended() {
    return Set.copyOf(mended);
  }

  /// How many contents error correction brought back.
  public synchronized int mendedCount() {
    return mended.size();
  }

  /// Takes back what was noted of contents that are sound now.
  synchronized void forget(Set<ContentId> healed) {
    for (ContentId id : healed) {
      IndexEntry entry = bad.remove(id);
      if (entry != null) {
        Set<ContentId> ofPack = damaged.getOrDefault(entry.packBlobId(), Set.of());
        if (ofPack.remove(id) && ofPack.isEmpty()) {
          damaged.remove(entry.packBlobId());
        }
      }
      mended.remove(id);
      absent.remove(id);
    }
    Set<BlobId> stillBad = new HashSet<>();
    bad.values().forEach(entry -> stillBad.add(entry.packBlobId()));
    lostPacks.retainAll(stillBad);
  }

  /// What is noted, as a list. Asks the store how long the packs are: of one that is missing or too
  /// short, everything that is not there counts, noted or not.
  public DamageList list(BlobStore store) throws RepositoryException {
    Set<BlobId> toAsk;
    Map<BlobId, Long> ends = new HashMap<>();
    Map<BlobId, Set<ContentId>> contents = new HashMap<>();
    Set<ContentId> missing;
    synchronized (this) {
      toAsk = new HashSet<>(lostPacks);
      toAsk.addAll(damaged.keySet());
      damaged.forEach((pack, ids) -> contents.put(pack, Set.copyOf(ids)));
      missing = Set.copyOf(absent);
      for (IndexEntry entry : bad.values()) {
        long end = (long) entry.packOffset() + entry.packedLength();
        ends.merge(entry.packBlobId(), end, Math::max);
      }
    }
    Map<BlobId, Long> packs = new HashMap<>();
    for (BlobId pack : toAsk) {
      long length = store.metadata(pack).map(BlobMetadata::lengthBytes).orElse(0L);
      if (length < ends.getOrDefault(pack, 0L)) {
        packs.put(pack, length);
      }
    }
    return DamageList.of(packs, contents, missing);
  }

  /// Writes what is noted to the repository, for the backups to come.
  ///
  /// @param all whether every content was looked at, so that what was known before and is not noted
  ///   now counts as healed; contents that no index entry named stay until one does
  /// @return what is known now
  public DamageList save(Repository repository, boolean all) throws RepositoryException {
    DamageList before = DamageList.load(repository.manifests());
    DamageList found = list(repository.blobs());
    DamageList now =
        (all && !isIncomplete() ? stillAbsent(repository, before) : before).with(found);
    if (!(before.isEmpty() && now.isEmpty())) {
      repository.write(
          WriteOptions.forPurpose("note damage"),
          writer -> {
            now.save(writer.manifests());
            return now;
          });
    }
    return now;
  }

  private synchronized boolean isIncomplete() {
    return incomplete;
  }

  private static DamageList stillAbsent(Repository repository, DamageList before)
      throws RepositoryException {
    List<ContentId> still = new ArrayList<>();
    for (ContentId id : before.absent()) {
      if (repository.contents().find(id).isEmpty()) {
        still.add(id);
      }
    }
    return DamageList.of(Map.of(), Map.of(), still);
  }
}
