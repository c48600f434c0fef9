package dev.longshore.engine.repository;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.FormatBlob;
import dev.longshore.format.repository.FormatBlobCodec;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.RequiredFeature;
import dev.longshore.format.repository.UpgradeLock;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/// `kopia.repository` and `kopia.blobcfg`, opened with the password.
///
/// @param stored the bytes of `kopia.repository` as they are in the store
/// @param formatKey what the password and the unique id make
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record SharedFormat(
    FormatBlob blob,
    byte[] stored,
    byte[] formatKey,
    RepositoryFormat format,
    BlobRetention retention) {
  static final BlobId FORMAT_BLOB = new BlobId(FormatBlob.BLOB_NAME);
  static final BlobId RETENTION_BLOB = new BlobId(BlobRetention.BLOB_NAME);

  /// Reads both blobs.
  static SharedFormat load(BlobStore store, String password, KeptKey keptKey)
      throws RepositoryException {
    byte[] stored = readFormatBlob(store);
    FormatBlob blob = parse(store, stored);
    Optional<byte[]> kept = keptKey.find(blob);
    if (kept.isPresent()) {
      try {
        return load(store, stored, blob, kept.get());
      } catch (WrongPasswordException e) {
        // Somebody changed it: what counts is the password.
      }
    }
    try {
      SharedFormat opened =
          load(store, stored, blob, FormatBlobCodec.deriveFormatKey(blob, password));
      keptKey.keep(blob, opened.formatKey);
      return opened;
    } catch (FormatException e) {
      throw failure(store, FORMAT_BLOB, e);
    }
  }

  /// Reads what needs no password.
  static byte[] uniqueId(BlobStore store) throws RepositoryException {
    return parse(store, readFormatBlob(store)).uniqueId();
  }

  /// Reads both blobs again, with the key known before.
  static SharedFormat reload(BlobStore store, byte[] stored, byte[] formatKey)
      throws RepositoryException {
    return load(store, stored, parse(store, stored), formatKey);
  }

  static byte[] readFormatBlob(BlobStore store) throws RepositoryException {
    BlobMetadata found =
        store
            .metadata(FORMAT_BLOB)
            .orElseThrow(() ->
                new NotFoundException(
                    "there is no repository in " + store.description().displayName()));
    if (found.lengthBytes() > FormatBlob.MAX_BYTES) {
      throw new DamagedException(
          FORMAT_BLOB + " has " + found.lengthBytes() + " bytes, which is too many");
    }
    return store.get(FORMAT_BLOB);
  }

  private static FormatBlob parse(BlobStore store, byte[] stored) throws RepositoryException {
    try {
      return FormatBlob.parse(stored);
    } catch (FormatException e) {
      throw failure(store, FORMAT_BLOB, e);
    }
  }

  private static SharedFormat load(
      BlobStore store, byte[] stored, FormatBlob blob, byte[] formatKey)
      throws RepositoryException {
    RepositoryFormat format;
    try {
      format = FormatBlobCodec.open(blob, formatKey);
    } catch (UnauthenticException e) {
      throw new WrongPasswordException(
          "the password is not that of the repository in "
              + store.description().displayName()
              + " (or "
              + FORMAT_BLOB
              + " is damaged)",
          e);
    } catch (FormatException e) {
      throw failure(store, FORMAT_BLOB, e);
    }
    return new SharedFormat(blob, stored, formatKey, format, readRetention(store, blob, formatKey));
  }

  private static BlobRetention readRetention(BlobStore store, FormatBlob blob, byte[] formatKey)
      throws RepositoryException {
    Optional<BlobMetadata> found = store.metadata(RETENTION_BLOB);
    if (found.isEmpty()) {
      return BlobRetention.NONE;
    }
    if (found.get().lengthBytes() > FormatBlob.MAX_BYTES) {
      throw new DamagedException(
          RETENTION_BLOB + " has " + found.get().lengthBytes() + " bytes, which is too many");
    }
    try {
      return FormatBlobCodec.openRetention(blob, store.get(RETENTION_BLOB), formatKey);
    } catch (UnauthenticException e) {
      throw new DamagedException(
          RETENTION_BLOB
              + " is damaged, or from before or after a change of the password that was cut short:"
              + " deleting it turns the retention of new blobs off",
          e);
    } catch (FormatException e) {
      throw failure(store, RETENTION_BLOB, e);
    }
  }

  private static RepositoryException failure(BlobStore store, BlobId id, FormatException e) {
    String message = id + " in " + store.description().displayName() + ": " + e.getMessage();
    return e instanceof UnsupportedFormatException
        ? new UnsupportedException(message, e)
        : new DamagedException(message, e);
  }

  /// Writes both blobs, the retention first, as Kopia does. If the second write fails, the first is
  /// taken back, as far as the store lets us: a retention blob under another key than the format
  /// blob's closes the repository to everybody.
  static void write(BlobStore store, FormatBlob blob, byte[] sealedRetention, PutOptions options)
      throws RepositoryException {
    Optional<byte[]> before =
        store.metadata(RETENTION_BLOB).isPresent()
            ? Optional.of(store.get(RETENTION_BLOB))
            : Optional.empty();
    put(store, RETENTION_BLOB, sealedRetention, options);
    try {
      put(store, FORMAT_BLOB, blob.encode(), options);
    } catch (RepositoryException e) {
      try {
        if (before.isPresent()) {
          put(store, RETENTION_BLOB, before.get(), options);
        } else {
          store.delete(RETENTION_BLOB);
        }
      } catch (RepositoryException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /// How blobs are put under a retention.
  static PutOptions putOptions(BlobRetention retention, boolean ifAbsent) {
    return new PutOptions(
        retention.isEnabled() ? Optional.of(retention) : Optional.empty(), ifAbsent);
  }

  static void put(BlobStore store, BlobId id, byte[] bytes, PutOptions options)
      throws RepositoryException {
    store.put(id, ByteBuffer.wrap(bytes), options);
  }

  /// Refuses a repository that needs features this build lacks; warns of those that it can do
  /// without.
  void checkFeatures(Consumer<String> warnings) throws UnsupportedException {
    for (RequiredFeature feature : format.unmetFeatures()) {
      StringBuilder text =
          new StringBuilder("the repository needs the feature ").append(feature.feature());
      if (!feature.message().isEmpty()) {
        text.append(": ").append(feature.message());
      }
      if (!feature.url().isEmpty()) {
        text.append(" (see ").append(feature.url()).append(')');
      }
      if (!feature.upgradeToVersion().isEmpty()) {
        text.append("; Kopia has it since ").append(feature.upgradeToVersion());
      }
      if (!feature.warnOnly()) {
        throw new UnsupportedException(text.toString());
      }
      warnings.accept(text.toString());
    }
  }

  /// Refuses a repository that somebody else is upgrading.
  void checkLock(Instant now, Optional<String> upgradeOwnerId) throws BusyException {
    Optional<UpgradeLock> lock = format.findUpgradeLock();
    if (lock.isPresent()
        && lock.get().isLocked(now)
        && !upgradeOwnerId.equals(Optional.of(lock.get().ownerId()))) {
      throw new BusyException(
          "the repository is being upgraded by "
              + lock.get().ownerId()
              + " ("
              + lock.get().message()
              + "), until "
              + lock.get().upgradeTime()
              + " or later");
    }
  }
}
