package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobDraft;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.repository.BlobRetention;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// Refuses changes while somebody upgrades the repository, and afterwards: looks at the format blob
/// before a change, unless it did so lately. An upgrade waits for twice that time and more before
/// it begins, so nobody is at work by then, however long the process has been open.
final class GuardedStore extends ForwardingStore {
  /// How long a client may go on without looking.
  private static final Duration VALIDITY = Duration.ofMinutes(15);

  private final SharedFormat shared;
  private final OpenOptions options;
  private Instant checked;

  /// @param shared what the client works with
  GuardedStore(BlobStore inner, SharedFormat shared, OpenOptions options) {
    super(inner);
    this.shared = shared;
    this.options = options;
    this.checked = options.clock().instant();
  }

  /// Looks, if it is time to.
  ///
  /// @throws BusyException if the repository is being upgraded, or has been, or has another
  ///   password
  synchronized void check() throws RepositoryException {
    Instant now = options.clock().instant();
    if (Duration.between(checked, now).compareTo(VALIDITY) <= 0 && !now.isBefore(checked)) {
      return;
    }
    byte[] stored = SharedFormat.readFormatBlob(inner());
    if (!Arrays.equals(stored, shared.stored())) {
      SharedFormat changed = reload(stored);
      changed.checkFeatures(options.warnings());
      changed.checkLock(now, options.upgradeOwnerId());
      if (changed.format().epochParameters().enabled()
          != shared.format().epochParameters().enabled()) {
        throw new BusyException(
            "the repository's index has been moved since it was opened: open it again");
      }
    }
    checked = now;
  }

  private SharedFormat reload(byte[] stored) throws RepositoryException {
    try {
      return SharedFormat.reload(inner(), stored, shared.formatKey());
    } catch (WrongPasswordException e) {
      // It was right when this client began.
      throw new BusyException(
          "somebody has changed the password of the repository since this client opened it (or its"
              + " format blob was damaged): connect again, with the new password",
          e);
    }
  }

  @Override
  public void put(BlobId id, ByteBuffer content, PutOptions put) throws RepositoryException {
    check();
    inner().put(id, content, put);
  }

  @Override
  public BlobDraft draft(BlobId id, int expectedBytes, PutOptions put) throws RepositoryException {
    check();
    return inner().draft(id, expectedBytes, put);
  }

  @Override
  public boolean draftsInMemory() {
    return inner().draftsInMemory();
  }

  @Override
  public void extendRetention(BlobId id, BlobRetention retention) throws RepositoryException {
    check();
    inner().extendRetention(id, retention);
  }

  @Override
  public void delete(BlobId id) throws RepositoryException {
    check();
    inner().delete(id);
  }
}
