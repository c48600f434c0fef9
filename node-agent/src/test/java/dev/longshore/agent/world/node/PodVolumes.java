package dev.longshore.agent.world.node;

import dev.longshore.agent.world.Troubles;
import dev.longshore.agent.world.storage.Attacher;
import dev.longshore.agent.world.storage.ClaimProtection;
import dev.longshore.agent.world.storage.Disks;
import dev.longshore.agent.world.storage.Fit;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Brings a pod's volumes to a node, in the folders in which a kubelet has them:
/// `pods/UID/volumes/PLUGIN/NAME`, of CSI volumes with `/mount` after it.
final class PodVolumes {
  private static final String PODS_FOLDER = "/var/lib/kubelet/pods";

  private final KubeApi api;
  private final Troubles troubles;
  private final Disks disks;
  private final Place place;

  /// A node and its folder.
  ///
  /// @param real whether there are files
  record Place(String node, Path folder, boolean real) {}

  /// Volumes by name, or what is in the way.
  ///
  /// @param reason of the event about it; empty if the volumes are there
  record Outcome(Map<String, Path> volumes, String reason, String message) {}

  PodVolumes(KubeApi api, Troubles troubles, Disks disks, Place place) {
    this.api = api;
    this.troubles = troubles;
    this.disks = disks;
    this.place = place;
  }

  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    Missing(String message) {
      super(message);
    }
  }

  Outcome mount(KubeObject pod) throws KubeException {
    Map<String, Path> volumes = new LinkedHashMap<>();
    try {
      for (Json.Obj json : pod.array("spec", "volumes").objects()) {
        KubeObject volume = new KubeObject(json);
        volumes.put(volume.text("name"), mount(pod, volume));
      }
    } catch (Missing e) {
      return new Outcome(
          Map.of(), "FailedMount", "MountVolume.SetUp failed for volume: " + e.getMessage());
    } catch (IOException e) {
      if (e instanceof KubeException refused) {
        throw refused;
      }
      throw new UncheckedIOException(e);
    }
    return new Outcome(volumes, "", "");
  }

  private Path folderOf(KubeObject pod) {
    return place.folder.resolve("pods").resolve(pod.uid());
  }

  private Path mount(KubeObject pod, KubeObject volume) throws Missing, IOException {
    String name = volume.text("name");
    Path folder = folderOf(pod).resolve("volumes");
    if (volume.at("persistentVolumeClaim") != null) {
      return claim(pod, volume);
    }
    if (volume.at("hostPath") != null) {
      String path = volume.text("hostPath", "path");
      boolean isPods = path.equals(PODS_FOLDER) || path.startsWith(PODS_FOLDER + "/");
      return isPods
          ? place.folder.resolve("pods" + path.substring(PODS_FOLDER.length()))
          : made(place.folder.resolve("host" + path));
    }
    if (volume.at("secret") != null) {
      return projection(
          folder.resolve("kubernetes.io~secret").resolve(name),
          new Source(Resource.SECRETS, pod.namespace(), volume.text("secret", "secretName")),
          volume.object("secret"));
    }
    if (volume.at("configMap") != null) {
      return projection(
          folder.resolve("kubernetes.io~configmap").resolve(name),
          new Source(Resource.CONFIG_MAPS, pod.namespace(), volume.text("configMap", "name")),
          volume.object("configMap"));
    }
    return made(folder.resolve("kubernetes.io~empty-dir").resolve(name));
  }

  private Path made(Path folder) throws IOException {
    return place.real ? Files.createDirectories(folder) : folder;
  }

  private record Source(Resource resource, String namespace, String name) {}

  private Path projection(Path folder, Source source, Json.Obj settings)
      throws Missing, IOException {
    KubeObject wanted = new KubeObject(settings);
    Map<String, byte[]> data = data(source, wanted.flag("optional"));
    Path made = made(folder);
    Map<String, String> items = new LinkedHashMap<>();
    for (Json.Obj item : wanted.array("items").objects()) {
      KubeObject one = new KubeObject(item);
      items.put(one.text("key"), one.text("path"));
    }
    if (items.isEmpty()) {
      data.keySet().forEach(key -> items.put(key, key));
    }
    for (Map.Entry<String, String> item : items.entrySet()) {
      byte[] bytes = data.get(item.getKey());
      if (bytes == null) {
        throw new Missing("references non-existent key: " + item.getKey());
      }
      if (place.real) {
        Path file = made.resolve(item.getValue());
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, bytes);
      }
    }
    return made;
  }

  private Map<String, byte[]> data(Source source, boolean optional) throws Missing, KubeException {
    Optional<KubeObject> found = find(source.resource, source.namespace, source.name);
    if (found.isEmpty()) {
      if (optional) {
        return Map.of();
      }
      throw new Missing(
          source.resource.kind().toLowerCase(java.util.Locale.ROOT)
              + " \""
              + source.name
              + "\" not found");
    }
    Map<String, byte[]> data = new LinkedHashMap<>();
    boolean isSecret = source.resource.equals(Resource.SECRETS);
    found
        .get()
        .object("data")
        .strings()
        .forEach((key, value) ->
            data.put(
                key,
                isSecret
                    ? Base64.getDecoder().decode(value)
                    : value.getBytes(StandardCharsets.UTF_8)));
    return data;
  }

  private Path claim(KubeObject pod, KubeObject volume) throws Missing, IOException {
    String name = ClaimProtection.claimOf(volume.json());
    KubeObject claim =
        find(Resource.CLAIMS, pod.namespace(), name)
            .orElseThrow(() -> new Missing("persistentvolumeclaim \"" + name + "\" not found"));
    KubeObject found =
        find(Resource.VOLUMES, "", claim.text("spec", "volumeName"))
            .orElseThrow(() -> new Missing("PVC is not bound"));
    if (!claim.text("status", "phase").equals("Bound")) {
      throw new Missing("PVC is not bound");
    }
    boolean isAttached =
        find(Resource.VOLUME_ATTACHMENTS, "", Attacher.attachment(found.name(), place.node))
            .filter(attachment -> attachment.flag("status", "attached"))
            .isPresent();
    if (!isAttached) {
      throw new Missing("volume attachment is not done for " + found.name());
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.MOUNT, claim);
    if (trouble.isPresent()) {
      throw new Missing(trouble.get());
    }
    Disks.Disk disk = disks.disks().get(found.text("spec", "csi", "volumeHandle"));
    if (disk == null) {
      throw new Missing("rpc error: code = NotFound desc = volume not found");
    }
    show(pod, found, disk);
    return disk.path();
  }

  /// Lays the volume out where programs with the node's folders find it.
  private void show(KubeObject pod, KubeObject volume, Disks.Disk disk) throws IOException {
    boolean isBlock = Fit.isBlock(volume);
    Path link =
        folderOf(pod)
            .resolve(isBlock ? "volumeDevices" : "volumes")
            .resolve("kubernetes.io~csi")
            .resolve(volume.name());
    if (place.real && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(link.resolveSibling("."));
      // The link stands above the volume's own folder, so that `mount` is a folder and no link.
      Files.createSymbolicLink(link, isBlock ? disk.path() : disk.path().resolveSibling("."));
    }
  }

  private Optional<KubeObject> find(Resource resource, String namespace, String name)
      throws KubeException {
    try {
      return name.isEmpty() ? Optional.empty() : Optional.of(api.get(resource, namespace, name));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Whether a kubelet changes the labels of a volume's files, which it does not where the volume
  /// is mounted read-only, the pod may read everything, or there are no files.
  Optional<KubeObject> relabelled(KubeObject pod) throws KubeException {
    if (pod.text("spec", "securityContext", "seLinuxOptions", "type").equals("spc_t")) {
      return Optional.empty();
    }
    for (Json.Obj json : pod.array("spec", "volumes").objects()) {
      KubeObject volume = new KubeObject(json);
      Optional<KubeObject> claim =
          find(Resource.CLAIMS, pod.namespace(), ClaimProtection.claimOf(json));
      if (claim.isPresent()
          && !Fit.isBlock(claim.get())
          && !volume.flag("persistentVolumeClaim", "readOnly")) {
        return claim;
      }
    }
    return Optional.empty();
  }

  Map<String, String> environment(KubeObject pod, KubeObject container) throws KubeException {
    Map<String, String> variables = new LinkedHashMap<>();
    for (Json.Obj json : container.array("env").objects()) {
      KubeObject one = new KubeObject(json);
      String value = one.text("value");
      KubeObject from = new KubeObject(one.object("valueFrom"));
      if (from.at("fieldRef") != null) {
        value = pod.text(from.text("fieldRef", "fieldPath").split("\\.", -1));
      } else if (from.at("secretKeyRef") != null) {
        value = key(pod, Resource.SECRETS, from.object("secretKeyRef"));
      } else if (from.at("configMapKeyRef") != null) {
        value = key(pod, Resource.CONFIG_MAPS, from.object("configMapKeyRef"));
      }
      variables.put(one.text("name"), value);
    }
    return variables;
  }

  private String key(KubeObject pod, Resource resource, Json.Obj reference) throws KubeException {
    KubeObject wanted = new KubeObject(reference);
    try {
      byte[] bytes =
          data(new Source(resource, pod.namespace(), wanted.text("name")), true)
              .getOrDefault(wanted.text("key"), new byte[0]);
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (Missing e) {
      throw new IllegalStateException(e);
    }
  }
}
