package dev.longshore.engine.sync;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// Copies blobs, one call for each; many threads may call.
final class BlobCopier {
  /// Longer blobs go in pieces of this size.
  static final int PIECE_BYTES = 16 << 20;

  private final BlobStore source;
  private final BlobStore destination;
  private final SyncOptions options;
  private final SyncListener listener;
  private final ByteBudget budget;
  private final boolean times;

  /// The destination turned out not to lock anything.
  private volatile boolean cannotLock;

  BlobCopier(BlobStore source, BlobStore destination, SyncOptions options, SyncListener listener) {
    this.source = source;
    this.destination = destination;
    this.options = options;
    this.listener = listener;
    this.budget = new ByteBudget(Math.max(1, options.budgetBytes()));
    this.times = options.times() && destination.keepsTimes();
    if (options.times() && !times) {
      listener.warning("the destination cannot keep times: copies have the time of copying");
    }
  }

  /// Copies a blob as it was listed; false if it is gone from the source.
  boolean copy(BlobMetadata blob) throws RepositoryException {
    try (ByteBudget.Lease _ = lease(blob)) {
      if (blob.lengthBytes() > PIECE_BYTES) {
        return copyPieces(blob);
      }
      byte[] bytes;
      try {
        bytes = source.get(blob.id());
      } catch (NotFoundException e) {
        return false;
      }
      if (bytes.length != blob.lengthBytes()) {
        throw wrongLength("the source", blob, bytes.length);
      }
      put(blob.id(), bytes, blob.timestamp());
      return true;
    }
  }

  private ByteBudget.Lease lease(BlobMetadata blob) throws RepositoryException {
    try {
      return budget.acquire(Math.min(blob.lengthBytes(), PIECE_BYTES));
    } catch (InterruptedException e) {
      throw Faults.interrupted("copy " + blob.id(), e);
    }
  }

  /// Puts bytes of the source, and reads them back if that is wanted.
  void put(BlobId id, byte[] bytes, Instant time) throws RepositoryException {
    PutOptions wanted = putOptions(id, time);
    try {
      destination.put(id, ByteBuffer.wrap(bytes), wanted);
    } catch (UnsupportedException e) {
      destination.put(id, ByteBuffer.wrap(bytes), unlocked(wanted, e));
    }
    if (options.check() != SyncCheck.LENGTH && !Arrays.equals(bytes, destination.get(id))) {
      throw notKept(id);
    }
  }

  private PutOptions putOptions(BlobId id, Instant time) {
    BlobRetention retention = options.retention();
    boolean lock = retention.isEnabled() && !cannotLock && BlobRetention.appliesTo(id);
    return new PutOptions(
        lock ? Optional.of(retention) : Optional.empty(),
        false,
        times ? Optional.of(time) : Optional.empty());
  }

  /// The same without a lock, if a lock was asked for.
  private PutOptions unlocked(PutOptions wanted, UnsupportedException refusal)
      throws RepositoryException {
    if (wanted.retention().isEmpty()) {
      throw refusal;
    }
    synchronized (this) {
      if (!cannotLock) {
        cannotLock = true;
        listener.warning(
            "the destination cannot lock blobs: copies are not protected by the repository's"
                + " retention");
      }
    }
    return new PutOptions(Optional.empty(), false, wanted.time());
  }

  private boolean copyPieces(BlobMetadata blob) throws RepositoryException {
    PutOptions wanted = putOptions(blob.id(), blob.timestamp());
    try {
      putPieces(blob, wanted);
    } catch (NotFoundException e) {
      return false;
    } catch (UnsupportedException e) {
      putPieces(blob, unlocked(wanted, e));
    }
    if (options.check() != SyncCheck.LENGTH && !isSameNow(blob)) {
      throw notKept(blob.id());
    }
    return true;
  }

  private void putPieces(BlobMetadata blob, PutOptions wanted) throws RepositoryException {
    BlobId id = blob.id();
    int expected = (int) Math.min(Integer.MAX_VALUE, blob.lengthBytes());
    try (BlobDraft draft = destination.draft(id, expected, wanted)) {
      for (long at = 0; at < blob.lengthBytes(); at += PIECE_BYTES) {
        draft.write(at, ByteBuffer.wrap(source.getRange(id, at, pieceBytes(blob, at))));
      }
      draft.publish(blob.lengthBytes());
    }
  }

  private static int pieceBytes(BlobMetadata blob, long at) {
    return (int) Math.min(PIECE_BYTES, blob.lengthBytes() - at);
  }

  /// Tells whether both sides give the same bytes; a blob that either has no longer is the same.
  boolean isSame(BlobMetadata blob) throws RepositoryException {
    try (ByteBudget.Lease _ = lease(blob)) {
      return isSameNow(blob);
    }
  }

  private boolean isSameNow(BlobMetadata blob) throws RepositoryException {
    try {
      for (long at = 0; at < blob.lengthBytes(); at += PIECE_BYTES) {
        int length = pieceBytes(blob, at);
        byte[] there = destination.getRange(blob.id(), at, length);
        if (!Arrays.equals(source.getRange(blob.id(), at, length), there)) {
          return false;
        }
      }
      return true;
    } catch (NotFoundException e) {
      return true; // the next listing tells
    }
  }

  private DamagedException notKept(BlobId id) {
    return new DamagedException(
        "copy " + id + ": the destination gave back other bytes than it was given");
  }

  static DamagedException wrongLength(String where, BlobMetadata blob, long found) {
    return new DamagedException(
        "copy "
            + blob.id()
            + ": "
            + where
            + " listed "
            + blob.lengthBytes()
            + " bytes and has "
            + found);
  }
}
