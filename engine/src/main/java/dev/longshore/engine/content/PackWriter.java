package dev.longshore.engine.content;

import dev.longshore.engine.concurrent.BufferPool;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Optional;

/// Seals contents into the open packs of a session. Thread-safe.
final class PackWriter {
  private static final long KEPT_BUFFER_BYTES = 16L * OpenPack.SMALL_BYTES;

  private final ContentFormat format;
  private final Clock clock;
  private final SessionReads reads;
  private final SessionCommits commits;
  private final PackUploads uploads;
  private final BufferPool buffers = new BufferPool(KEPT_BUFFER_BYTES);

  PackWriter(
      ContentFormat format,
      Clock clock,
      SessionReads reads,
      SessionCommits commits,
      PackUploads uploads) {
    this.format = format;
    this.clock = clock;
    this.reads = reads;
    this.commits = commits;
    this.uploads = uploads;
  }

  /// Seals what a content consists of into the open pack. A failure ends the session: nobody knows
  /// what the pack has got.
  ///
  /// @return the bytes it takes there
  int write(NewContent content, ByteSpan raw) throws RepositoryException {
    int sealedLength = format.crypto().sealedLength(raw.length());
    try {
      if (sealedLength > OpenPack.SMALL_BYTES) {
        placeLarge(content, raw, sealedLength);
      } else {
        placeSmall(content, raw, sealedLength);
      }
    } catch (RepositoryException e) {
      uploads.fail(e);
      throw e;
    } catch (RuntimeException | Error e) {
      uploads.fail(new StoreException("write content: " + e, Retry.NEVER, e));
      throw e;
    }
    return sealedLength;
  }

  private void placeSmall(NewContent content, ByteSpan raw, int sealedLength)
      throws RepositoryException {
    PackSlot slot = reads.slotOf(content.id());
    Optional<OpenPack> full;
    // One length for all, so that each array fits the next as well.
    try (BufferPool.Lease sealed = buffers.lease(OpenPack.SMALL_BYTES)) {
      format
          .crypto()
          .sealContent(content.id(), raw.bytes(), raw.offset(), raw.length(), sealed.array(), 0);
      slot.lock().lock();
      try {
        OpenPack pack = commits.openPack(slot);
        int place = pack.append(ByteBuffer.wrap(sealed.array(), 0, sealedLength));
        enter(content, pack, place, sealedLength);
        full = commits.takeFull(slot);
      } finally {
        slot.lock().unlock();
      }
    }
    if (full.isPresent()) {
      commits.send(full.get());
    }
  }

  /// Seals into room that was found before, so that others find theirs meanwhile.
  private void placeLarge(NewContent content, ByteSpan raw, int sealedLength)
      throws RepositoryException {
    PackSlot slot = reads.slotOf(content.id());
    OpenPack pack;
    int place;
    slot.lock().lock();
    try {
      pack = commits.openPack(slot);
      place = pack.reserve(sealedLength);
      commits.takeFull(slot); // not to be sent yet: this content is not written
    } finally {
      slot.lock().unlock();
    }
    boolean entered = false;
    boolean last = false;
    try {
      seal(content.id(), raw, pack, place);
      slot.lock().lock();
      try {
        enter(content, pack, place, sealedLength);
        entered = true;
        last = pack.release();
      } finally {
        slot.lock().unlock();
      }
    } finally {
      if (!entered) {
        release(slot, pack);
      }
    }
    if (last) {
      commits.send(pack);
    }
  }

  /// Lets go of a pack with a gap, which is never sent.
  private void release(PackSlot slot, OpenPack pack) {
    slot.lock().lock();
    try {
      if (pack.release()) {
        uploads.drop(pack);
      }
    } finally {
      slot.lock().unlock();
    }
  }

  private void seal(ContentId id, ByteSpan raw, OpenPack pack, int place)
      throws RepositoryException {
    long[] at = {place};
    try {
      format
          .crypto()
          .sealContent(
              id,
              raw.bytes(),
              raw.offset(),
              raw.length(),
              piece -> {
                long start = at[0];
                at[0] += piece.remaining();
                pack.write(start, piece);
              });
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e); // the pack throws nothing else
    }
  }

  /// Makes a content known; with the slot held.
  private void enter(NewContent content, OpenPack pack, int offset, int sealedLength)
      throws RepositoryException {
    IndexEntry entry =
        new IndexEntry(
            content.id(),
            pack.id(),
            offset,
            sealedLength,
            content.plainLength(),
            content.compressionHeaderId(),
            content.deleted(),
            nextTime(reads.findLoaded(content.id())),
            format.format().version(),
            0);
    pack.entries().put(entry.contentId(), entry);
    reads.enter(entry);
  }

  /// A time that wins over what is known of a content.
  long nextTime(Optional<IndexEntry> known) {
    long now = clock.instant().getEpochSecond();
    return known.isPresent() ? Math.max(now, known.get().timestampSeconds() + 1) : now;
  }
}
