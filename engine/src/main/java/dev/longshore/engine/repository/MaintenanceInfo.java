package dev.longshore.engine.repository;

import dev.longshore.crypto.cipher.BlobCipher;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.repository.KeySources;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/// Who maintains a repository, how often, and how it went: the manifest of type `maintenance` and
/// the blob `kopia.maintenance`.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_params.go`, `maintenance_schedule.go`.
public record MaintenanceInfo(MaintenanceParams params, MaintenanceSchedule schedule) {
  /// The blob with the schedule.
  public static final BlobId SCHEDULE_BLOB = new BlobId("kopia.maintenance");

  /// The largest schedule that is read; 50 runs of each of a dozen tasks make some hundred
  /// kilobytes.
  private static final long MAX_SCHEDULE_BYTES = 64 << 20;

  static MaintenanceInfo read(Repository repository, SharedFormat shared, SecureRandom random)
      throws RepositoryException {
    return new MaintenanceInfo(
        params(repository), schedule(repository.blobs(), cipher(shared, random)));
  }

  static void write(
      BlobStore store, MaintenanceSchedule schedule, SharedFormat shared, SecureRandom random)
      throws RepositoryException {
    byte[] sealed = cipher(shared, random).seal(schedule.encode());
    store.put(SCHEDULE_BLOB, ByteBuffer.wrap(sealed), PutOptions.NONE);
  }

  private static BlobCipher cipher(SharedFormat shared, SecureRandom random) {
    return KeySources.maintenanceCipher(shared.format(), shared.blob(), shared.formatKey(), random);
  }

  private static MaintenanceParams params(Repository repository) throws RepositoryException {
    List<ManifestEntry> found = repository.manifests().find(MaintenanceParams.LABELS);
    if (found.isEmpty()) {
      return MaintenanceParams.defaults("");
    }
    ManifestEntry last = found.getLast();
    try {
      return MaintenanceParams.decode(last.data());
    } catch (CorruptException e) {
      throw new DamagedException("manifest " + last.id() + ": " + e.getMessage(), e);
    }
  }

  private static MaintenanceSchedule schedule(BlobStore store, BlobCipher cipher)
      throws RepositoryException {
    Optional<BlobMetadata> found = store.metadata(SCHEDULE_BLOB);
    if (found.isEmpty()) {
      return MaintenanceSchedule.EMPTY;
    }
    if (found.get().lengthBytes() > MAX_SCHEDULE_BYTES) {
      throw new DamagedException(
          SCHEDULE_BLOB + " has " + found.get().lengthBytes() + " bytes, which is too many");
    }
    try {
      return MaintenanceSchedule.decode(cipher.open(store.get(SCHEDULE_BLOB)));
    } catch (UnauthenticException | CorruptException e) {
      throw new DamagedException(SCHEDULE_BLOB + ": " + e.getMessage(), e);
    }
  }
}
