package dev.longshore.kube;

/// A kind of the Kubernetes API and where it is found.
///
/// @param group empty for the core group
/// @param plural as in addresses
/// @param namespaced whether its objects live in namespaces
public record Resource(
    String group, String version, String plural, String kind, boolean namespaced) {
  public static final Resource PODS = core("pods", "Pod", true);
  public static final Resource NODES = core("nodes", "Node", false);
  public static final Resource NAMESPACES = core("namespaces", "Namespace", false);
  public static final Resource EVENTS = core("events", "Event", true);
  public static final Resource CONFIG_MAPS = core("configmaps", "ConfigMap", true);
  public static final Resource SECRETS = core("secrets", "Secret", true);
  public static final Resource SERVICE_ACCOUNTS = core("serviceaccounts", "ServiceAccount", true);
  public static final Resource CLAIMS =
      core("persistentvolumeclaims", "PersistentVolumeClaim", true);
  public static final Resource VOLUMES = core("persistentvolumes", "PersistentVolume", false);
  public static final Resource DAEMON_SETS =
      new Resource("apps", "v1", "daemonsets", "DaemonSet", true);
  public static final Resource JOBS = new Resource("batch", "v1", "jobs", "Job", true);
  public static final Resource LEASES =
      new Resource("coordination.k8s.io", "v1", "leases", "Lease", true);
  public static final Resource STORAGE_CLASSES =
      new Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", false);
  public static final Resource VOLUME_ATTACHMENTS =
      new Resource("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false);
  public static final Resource PRIORITY_CLASSES =
      new Resource("scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false);
  public static final Resource VOLUME_SNAPSHOTS =
      snapshot("volumesnapshots", "VolumeSnapshot", true);
  public static final Resource VOLUME_SNAPSHOT_CONTENTS =
      snapshot("volumesnapshotcontents", "VolumeSnapshotContent", false);
  public static final Resource VOLUME_SNAPSHOT_CLASSES =
      snapshot("volumesnapshotclasses", "VolumeSnapshotClass", false);

  private static Resource core(String plural, String kind, boolean namespaced) {
    return new Resource("", "v1", plural, kind, namespaced);
  }

  private static Resource snapshot(String plural, String kind, boolean namespaced) {
    return new Resource("snapshot.storage.k8s.io", "v1", plural, kind, namespaced);
  }

  /// `v1`, or `apps/v1`.
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
