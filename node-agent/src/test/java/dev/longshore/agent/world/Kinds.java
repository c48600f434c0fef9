package dev.longshore.agent.world;

import dev.longshore.kube.Resource;

/// Kinds that only the world's participants need, or that Velero defines.
public final class Kinds {
  public static final Resource DATA_UPLOADS = alpha("datauploads", "DataUpload");
  public static final Resource DATA_DOWNLOADS = alpha("datadownloads", "DataDownload");
  public static final Resource POD_VOLUME_BACKUPS = velero("podvolumebackups", "PodVolumeBackup");
  public static final Resource POD_VOLUME_RESTORES =
      velero("podvolumerestores", "PodVolumeRestore");
  public static final Resource BACKUPS = velero("backups", "Backup");
  public static final Resource RESTORES = velero("restores", "Restore");
  public static final Resource BACKUP_REPOSITORIES =
      velero("backuprepositories", "BackupRepository");
  public static final Resource STORAGE_LOCATIONS =
      velero("backupstoragelocations", "BackupStorageLocation");
  public static final Resource DELETE_BACKUP_REQUESTS =
      velero("deletebackuprequests", "DeleteBackupRequest");

  private Kinds() {}

  private static Resource velero(String plural, String kind) {
    return new Resource("velero.io", "v1", plural, kind, true);
  }

  private static Resource alpha(String plural, String kind) {
    return new Resource("velero.io", "v2alpha1", plural, kind, true);
  }
}
