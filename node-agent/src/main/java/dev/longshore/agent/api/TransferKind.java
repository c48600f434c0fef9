package dev.longshore.agent.api;

import dev.longshore.kube.Resource;

/// The four kinds of resources that ask for a volume to be moved.
public enum TransferKind {
  DATA_UPLOAD(Velero.DATA_UPLOADS, true),
  DATA_DOWNLOAD(Velero.DATA_DOWNLOADS, false),
  POD_VOLUME_BACKUP(Velero.POD_VOLUME_BACKUPS, true),
  POD_VOLUME_RESTORE(Velero.POD_VOLUME_RESTORES, false);

  @SuppressWarnings("ImmutableEnumChecker") // a record of strings
  private final Resource resource;

  private final boolean backup;

  TransferKind(Resource resource, boolean backup) {
    this.resource = resource;
    this.backup = backup;
  }

  public Resource resource() {
    return resource;
  }

  /// Whether a volume goes into a repository; else it comes out of one.
  public boolean isBackup() {
    return backup;
  }

  /// Whether the volume is one of a running pod.
  public boolean isPodVolume() {
    return this == POD_VOLUME_BACKUP || this == POD_VOLUME_RESTORE;
  }

  /// The finalizer that keeps the resource until all is cleaned up.
  public String finalizer() {
    return isPodVolume() ? Velero.POD_VOLUME_FINALIZER : Velero.TRANSFER_FINALIZER;
  }
}
