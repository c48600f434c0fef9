package dev.longshore.engine.content;

import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a write session reads: its own pending contents and those that are published. Thread-safe.
final class SessionReads implements ContentReader {
  private final ContentStore contents;
  private final Map<ContentId, IndexEntry> pending;
  private final PackSlot dataSlot;
  private final PackSlot metadataSlot;
  private final PackUploads uploads;

  /// @param pending the session's entries that are not published; a concurrent map
  SessionReads(
      ContentStore contents,
      Map<ContentId, IndexEntry> pending,
      PackSlot dataSlot,
      PackSlot metadataSlot,
      PackUploads uploads) {
    this.contents = contents;
    this.pending = pending;
    this.dataSlot = dataSlot;
    this.metadataSlot = metadataSlot;
    this.uploads = uploads;
  }

  PackSlot slotOf(ContentId id) {
    return id.hasPrefix() ? metadataSlot : dataSlot;
  }

  /// Takes note of an entry that is to be published.
  void enter(IndexEntry entry) {
    pending.put(entry.contentId(), entry);
  }

  @Override
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    // Pending first: what leaves it is in the index by then, but not in one taken before.
    IndexEntry own = pending.get(id);
    return winner(own, contents.index().find(id));
  }

  /// As [#find], without a call to the store, unless a local file is damaged: safe with a slot
  /// held.
  Optional<IndexEntry> findLoaded(ContentId id) throws RepositoryException {
    IndexEntry own = pending.get(id);
    return winner(own, contents.index().findLoaded(id));
  }

  /// Tells whether [#find] finds an entry that is no tombstone.
  boolean isLive(ContentId id) throws RepositoryException {
    return pending.containsKey(id)
        ? find(id).filter(entry -> !entry.deleted()).isPresent()
        : contents.index().isLive(id);
  }

  private static Optional<IndexEntry> winner(
      @Nullable IndexEntry own, Optional<IndexEntry> published) {
    return own != null && (published.isEmpty() || own.supersedes(published.get()))
        ? Optional.of(own)
        : published;
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    IndexEntry entry =
        find(id).orElseThrow(() -> new NotFoundException("content " + id + " is not in the index"));
    return contents.stored().plain(entry, fetch(entry));
  }

  /// The stored bytes, from wherever the pack is: a draft, or the store.
  ByteSpan fetch(IndexEntry entry) throws RepositoryException {
    ContentId id = entry.contentId();
    if (!pending.containsKey(id)) {
      return contents.stored().fetch(entry);
    }
    Optional<byte[]> own = uploads.read(entry);
    return own.isPresent() ? ByteSpan.of(own.get()) : contents.stored().fetch(entry);
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    List<IndexEntry> own = new ArrayList<>(pending.values());
    own.removeIf(entry -> !range.includes(entry.contentId()));
    IndexSet index = contents.index().fresh();
    new PendingMerge(own, range.includeDeleted(), visitor).over(index, range);
  }

  @Override
  public void refresh() throws RepositoryException {
    contents.index().refresh();
  }
}
