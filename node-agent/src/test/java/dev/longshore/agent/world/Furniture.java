package dev.longshore.agent.world;

import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Objects of a cluster: those that every cluster has, and those that tests ask for.
public final class Furniture {
  private Furniture() {}

  /// @param store the folder of the storage location; null: it is in a cloud
  static void put(KubeApi api, VeleroSettings velero, @Nullable Path store) throws KubeException {
    api.create(Resource.STORAGE_CLASSES, storageClass("fast", "Immediate"));
    api.create(Resource.STORAGE_CLASSES, storageClass("waiting", "WaitForFirstConsumer"));
    api.create(
        Resource.VOLUME_SNAPSHOT_CLASSES,
        KubeObject.of(Resource.VOLUME_SNAPSHOT_CLASSES, "", "snap")
            .withLabel("velero.io/csi-volumesnapshot-class", "true")
            .with(Cluster.DRIVER, "driver")
            .with("Delete", "deletionPolicy"));
    KubeObject location =
        KubeObject.of(Kinds.STORAGE_LOCATIONS, velero.namespace(), velero.location())
            .with(store == null ? "aws" : "fs", "spec", "provider")
            .with("backups", "spec", "objectStorage", "bucket")
            .with("velero", "spec", "objectStorage", "prefix")
            .with(true, "spec", "default")
            .with("Available", "status", "phase");
    api.create(
        Kinds.STORAGE_LOCATIONS,
        store == null ? location : location.with(store.toString(), "spec", "config", "fspath"));
    api.create(
        Resource.SECRETS, secret(velero.namespace(), "cloud-credentials", "cloud", "[default]\n"));
    api.create(
        Resource.SECRETS,
        secret(velero.namespace(), "velero-repo-credentials", "repository-password", "a password"));
    api.create(Resource.DAEMON_SETS, daemonSet(velero.namespace(), "node-agent"));
    api.create(Resource.DAEMON_SETS, daemonSet(velero.namespace(), "longshore-node-agent"));
  }

  /// A storage class whose volumes are deleted with their claims.
  ///
  /// @param binding `Immediate` or `WaitForFirstConsumer`
  public static KubeObject storageClass(String name, String binding) {
    return KubeObject.of(Resource.STORAGE_CLASSES, "", name)
        .with(Cluster.DRIVER, "provisioner")
        .with("Delete", "reclaimPolicy")
        .with(binding, "volumeBindingMode");
  }

  /// A secret of one key.
  public static KubeObject secret(String namespace, String name, String key, String value) {
    String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    return KubeObject.of(Resource.SECRETS, namespace, name).with(encoded, "data", key);
  }

  private static KubeObject daemonSet(String namespace, String name) {
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "node-agent")
            .with("image", "longshore/node-agent:test")
            .with("args", Json.Arr.ofStrings(List.of("node-agent")));
    return KubeObject.of(Resource.DAEMON_SETS, namespace, name)
        .with(name, "spec", "selector", "matchLabels", "name")
        .with(name, "spec", "template", "metadata", "labels", "name")
        .with("node-agent", "spec", "template", "metadata", "labels", "role")
        .with(Json.Arr.of(container), "spec", "template", "spec", "containers");
  }

  /// A claim.
  ///
  /// @param storageClass `fast`, `waiting` or another
  /// @param size such as `1Gi`
  public static KubeObject claim(String namespace, String name, String storageClass, String size) {
    return KubeObject.of(Resource.CLAIMS, namespace, name)
        .with(Json.Arr.ofStrings(List.of("ReadWriteOnce")), "spec", "accessModes")
        .with("Filesystem", "spec", "volumeMode")
        .with(storageClass, "spec", "storageClassName")
        .with(size, "spec", "resources", "requests", "storage");
  }

  /// A pod that uses a claim, and sleeps.
  public static KubeObject pod(String namespace, String name, String claim) {
    Json.Obj volume =
        Json.Obj.EMPTY
            .with("name", "data")
            .with("persistentVolumeClaim", Json.Obj.of("claimName", new Json.Str(claim)));
    Json.Obj mount = Json.Obj.EMPTY.with("name", "data").with("mountPath", "/data");
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "main")
            .with("image", "application:1")
            .with("volumeMounts", Json.Arr.of(mount));
    return KubeObject.of(Resource.PODS, namespace, name)
        .with(Json.Arr.of(container), "spec", "containers")
        .with(Json.Arr.of(volume), "spec", "volumes");
  }

  /// A Backup of all claims of some namespaces.
  public static KubeObject backup(String velero, String name, List<String> namespaces) {
    return KubeObject.of(Kinds.BACKUPS, velero, name)
        .with(Json.Arr.ofStrings(namespaces), "spec", "includedNamespaces")
        .with(true, "spec", "snapshotMoveData")
        .with("default", "spec", "storageLocation")
        .with("720h0m0s", "spec", "ttl");
  }

  /// A Restore of a backup, with namespaces mapped to others.
  public static KubeObject restore(
      String velero, String name, String backup, java.util.Map<String, String> namespaces) {
    return KubeObject.of(Kinds.RESTORES, velero, name)
        .with(backup, "spec", "backupName")
        .with(Json.Obj.ofStrings(namespaces), "spec", "namespaceMapping");
  }
}
