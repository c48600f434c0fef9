package dev.longshore.engine.content;

import dev.longshore.crypto.hash.HashJob;
import dev.longshore.engine.concurrent.BoundedBuffers;
import dev.longshore.engine.concurrent.BufferPool;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.compress.CompressedPayload;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.pack.PackLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The one implementation of [ContentSession].
///
/// Source: the rules are of kopia 4ebb2be6c `repo/content/content_manager.go`.
final class WriteSession implements ContentSession {
  private static final long KEPT_BUFFER_BYTES = 40L << 20;

  /// Index 2 has 28 bits for a length.
  private static final int MAX_STORED_BYTES = (1 << 28) - 1;

  private final ContentStore contents;
  private final ContentFormat format;
  private final PackUploads uploads;
  private final PackSlot metadataSlot;
  private final SessionCommits commits;
  private final SessionReads reads;
  private final PackWriter packs;

  /// Entries not yet published, by id.
  private final Map<ContentId, IndexEntry> pending = new ConcurrentHashMap<>();

  private final KnownDamage damage;
  private final InFlightWrites inFlight = new InFlightWrites();
  private final WriteCounters counters = new WriteCounters();
  private final BufferPool buffers = new BufferPool(KEPT_BUFFER_BYTES);

  private volatile boolean closed;

  WriteSession(ContentStore contents, ContentFormat format, ContentWriteOptions options) {
    this.contents = contents;
    this.format = format;
    this.damage = options.damage();
    this.uploads =
        new PackUploads(format, contents.environment().random(), options.parallelUploads());
    PackSlot dataSlot = new PackSlot(PackLayout.DATA_PREFIX);
    this.metadataSlot = new PackSlot(PackLayout.METADATA_PREFIX);
    this.commits =
        new SessionCommits(
            contents, format, options, uploads, List.of(dataSlot, metadataSlot), pending);
    this.reads = new SessionReads(contents, pending, dataSlot, metadataSlot, uploads);
    this.packs = new PackWriter(format, contents.environment().clock(), reads, commits, uploads);
  }

  private void checkUsable() throws RepositoryException {
    if (closed) {
      throw new IllegalStateException("the write session is closed");
    }
    uploads.check();
  }

  // ---- writing

  @Override
  public ContentId write(
      char prefix, byte[] data, int offset, int length, Optional<Compression> compression)
      throws RepositoryException {
    ContentId id = format.crypto().contentId(prefix, data, offset, length);
    writeAs(id, new PlainContent(prefix, data, offset, length), compression);
    return id;
  }

  @Override
  public int idBatch() {
    return format.crypto().hasher().batchWorthWaitingFor();
  }

  @Override
  public List<ContentId> idsOf(List<PlainContent> plains) {
    int size = format.crypto().hasher().sizeBytes();
    List<HashJob> jobs = new ArrayList<>(plains.size());
    for (PlainContent plain : plains) {
      jobs.add(new HashJob(plain.data(), plain.offset(), plain.length(), new byte[size], 0));
    }
    format.crypto().hasher().hashAll(jobs);
    List<ContentId> ids = new ArrayList<>(plains.size());
    for (int i = 0; i < plains.size(); i++) {
      ids.add(ContentId.of(plains.get(i).prefix(), jobs.get(i).out()));
    }
    return ids;
  }

  @Override
  public void writeAs(ContentId id, PlainContent content, Optional<Compression> compression)
      throws RepositoryException {
    checkUsable();
    if (format.crypto().sealedLength(content.length()) > MAX_STORED_BYTES) {
      throw new IllegalArgumentException("content of " + content.length() + " bytes");
    }
    counters.hashed(content.length());
    while (!isSound(id)) {
      Optional<InFlightWrites.Claim> claimed = inFlight.claim(id);
      if (claimed.isEmpty()) {
        checkUsable(); // the twin may have failed
        continue;
      }
      try (InFlightWrites.Claim _ = claimed.get()) {
        // A twin may have ended between the look-up and the claim.
        if (!isSound(id)) {
          noteHealing(id);
          store(id, content, compression);
          commits.flushIfDue();
          return;
        }
      }
    }
    counters.deduplicated(content.length());
  }

  @Override
  public boolean knowsDamage() {
    return !damage.isEmpty();
  }

  @Override
  public boolean isSound(ContentId id) throws RepositoryException {
    return damage.isEmpty()
        ? reads.isLive(id)
        : reads.find(id).filter(entry -> !entry.deleted() && !damage.touches(entry)).isPresent();
  }

  private void noteHealing(ContentId id) throws RepositoryException {
    if (!damage.isEmpty()) {
      reads.find(id).filter(damage::touches).ifPresent(damage::healed);
    }
  }

  private void store(ContentId id, PlainContent content, Optional<Compression> compression)
      throws RepositoryException {
    byte[] data = content.data();
    int offset = content.offset();
    int length = content.length();
    boolean compresses = compression.isPresent() && format.format().supportsContentCompression();
    try (BufferPool.Lease payload = buffers.lease(compresses ? length : 0)) {
      int compressed =
          compresses
              ? CompressedPayload.compress(
                  compression.get(), data, offset, length, payload.array(), 0)
              : -1;
      if (compressed >= 0) {
        int header = compression.get().headerId();
        NewContent added = new NewContent(id, length, header, false);
        counters.written(length, packs.write(added, new ByteSpan(payload.array(), 0, compressed)));
      } else {
        NewContent added = new NewContent(id, length, 0, false);
        counters.written(length, packs.write(added, new ByteSpan(data, offset, length)));
      }
    }
  }

  @Override
  public void delete(ContentId id) throws RepositoryException {
    checkUsable();
    contents.index().fresh();
    PackSlot slot = reads.slotOf(id);
    slot.lock().lock();
    try {
      Optional<IndexEntry> known = reads.findLoaded(id);
      if (known.isEmpty() || known.get().deleted()) {
        return;
      }
      IndexEntry old = known.get();
      IndexEntry tombstone =
          new IndexEntry(
              id,
              old.packBlobId(),
              old.packOffset(),
              old.packedLength(),
              old.originalLength(),
              old.compressionHeaderId(),
              true,
              packs.nextTime(known),
              old.formatVersion(),
              old.encryptionKeyId());
      slot.add(tombstone);
      pending.put(id, tombstone);
    } finally {
      slot.lock().unlock();
    }
  }

  @Override
  public void undelete(ContentId id) throws RepositoryException {
    Optional<IndexEntry> known = find(id);
    if (known.isEmpty()) {
      throw new NotFoundException("content " + id + " is not in the index");
    }
    if (known.get().deleted()) {
      rewrite(known.get(), false);
    }
  }

  @Override
  public void rewrite(ContentId id) throws RepositoryException {
    Optional<IndexEntry> known = find(id);
    if (known.isEmpty()) {
      throw new NotFoundException("content " + id + " is not in the index");
    }
    rewrite(known.get(), known.get().deleted());
  }

  private void rewrite(IndexEntry entry, boolean deleted) throws RepositoryException {
    checkUsable();
    ByteSpan stored = reads.fetch(entry);
    contents.stored().plain(entry, stored); // damage must not be sealed anew
    byte[] raw = contents.stored().open(entry, stored);
    packs.write(NewContent.again(entry, deleted), ByteSpan.of(raw));
    commits.flushIfDue();
  }

  @Override
  public void restoreFrom(IndexEntry copy) throws RepositoryException {
    rewrite(copy, false);
  }

  @Override
  public void rewrite(PackRun run, BoundedBuffers buffers, PackVisitor visitor)
      throws RepositoryException, InterruptedException {
    checkUsable();
    contents
        .stored()
        .readRaw(
            run,
            buffers,
            new PackVisitor() {
              @Override
              public void content(IndexEntry entry, ByteSpan raw) throws RepositoryException {
                if (find(entry.contentId()).equals(Optional.of(entry))) {
                  packs.write(NewContent.again(entry, entry.deleted()), raw);
                  commits.flushIfDue();
                  visitor.content(entry, raw);
                }
              }

              @Override
              public void fault(IndexEntry entry, RepositoryException fault)
                  throws RepositoryException {
                visitor.fault(entry, fault);
              }
            });
  }

  @Override
  public void adopt(List<IndexEntry> entries) throws RepositoryException {
    checkUsable();
    // Either slot keeps the generation from ending.
    metadataSlot.lock().lock();
    try {
      commits.generation().add(entries);
      entries.forEach(entry ->
          pending.merge(
              entry.contentId(), entry, (old, more) -> more.supersedes(old) ? more : old));
    } finally {
      metadataSlot.lock().unlock();
    }
    commits.flushIfDue();
  }

  // ---- publishing

  @Override
  public void flush() throws RepositoryException {
    checkUsable();
    commits.flush();
  }

  @Override
  public IndexHold holdIndex() throws RepositoryException {
    return commits.hold();
  }

  @Override
  public void close() throws RepositoryException {
    if (!closed) {
      closed = true;
      commits.giveUp();
    }
  }

  // ---- reading

  @Override
  public Optional<IndexEntry> find(ContentId id) throws RepositoryException {
    return reads.find(id);
  }

  @Override
  public byte[] read(ContentId id) throws RepositoryException {
    return reads.read(id);
  }

  @Override
  public void forEach(ContentRange range, Visitor visitor) throws RepositoryException {
    reads.forEach(range, visitor);
  }

  @Override
  public void refresh() throws RepositoryException {
    reads.refresh();
  }

  @Override
  public WriteStats stats() {
    return counters.snapshot(uploads.uploadedBytes());
  }
}
