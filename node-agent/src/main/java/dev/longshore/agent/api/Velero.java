package dev.longshore.agent.api;

import dev.longshore.kube.Resource;
import java.util.Set;

/// Velero's resources, and the names that its other parts know.
///
/// Source: Velero d2241adba, `pkg/apis`, `pkg/label`, `pkg/types`.
public final class Velero {
  public static final Resource DATA_UPLOADS =
      new Resource("velero.io", "v2alpha1", "datauploads", "DataUpload", true);
  public static final Resource DATA_DOWNLOADS =
      new Resource("velero.io", "v2alpha1", "datadownloads", "DataDownload", true);
  public static final Resource POD_VOLUME_BACKUPS = v1("podvolumebackups", "PodVolumeBackup");
  public static final Resource POD_VOLUME_RESTORES = v1("podvolumerestores", "PodVolumeRestore");
  public static final Resource BACKUP_REPOSITORIES = v1("backuprepositories", "BackupRepository");
  public static final Resource STORAGE_LOCATIONS =
      v1("backupstoragelocations", "BackupStorageLocation");
  public static final Resource BACKUPS = v1("backups", "Backup");
  public static final Resource RESTORES = v1("restores", "Restore");
  public static final Resource DELETE_BACKUP_REQUESTS =
      v1("deletebackuprequests", "DeleteBackupRequest");

  public static final String TRANSFER_FINALIZER = "velero.io/data-upload-download-finalizer";
  public static final String POD_VOLUME_FINALIZER = "velero.io/pod-volume-finalizer";

  /// The id by which Velero's plugins find a data upload or download.
  public static final String OPERATION_ID_LABEL = "velero.io/async-operation-id";

  public static final String BACKUP_NAME_LABEL = "velero.io/backup-name";
  public static final String BACKUP_UID_LABEL = "velero.io/backup-uid";
  public static final String VOLUME_NAMESPACE_LABEL = "velero.io/volume-namespace";
  public static final String STORAGE_LOCATION_LABEL = "velero.io/storage-location";
  public static final String REPOSITORY_TYPE_LABEL = "velero.io/repository-type";

  /// The secret with the repositories' password and its key.
  public static final String PASSWORD_SECRET = "velero-repo-credentials";

  public static final String PASSWORD_KEY = "repository-password";

  /// The secret of locations that name none, and its key.
  public static final String DEFAULT_CREDENTIALS_SECRET = "cloud-credentials";

  public static final String DEFAULT_CREDENTIALS_KEY = "cloud";

  /// Init containers that wait for a pod volume's restore; the second is older.
  public static final String RESTORE_WAIT = "restore-wait";

  public static final String RESTIC_WAIT = "restic-wait";

  /// The data mover of Velero's that moves volumes as devices.
  public static final String BLOCK_MOVER = "velero-block";

  /// Names of Velero's data mover of files.
  public static final Set<String> FILE_MOVERS = Set.of("", "velero", "velero-fs");

  private Velero() {}

  private static Resource v1(String plural, String kind) {
    return new Resource("velero.io", "v1", plural, kind, true);
  }
}
