package dev.longshore.agent.expose;

import dev.longshore.kube.Json;
import java.util.ArrayList;
import java.util.List;

/// The volumes of a mover's pod, and where its container has them. Not for use twice.
final class PodVolumes {
  private final List<Json> volumes = new ArrayList<>();
  private final List<Json> mounts = new ArrayList<>();
  private final List<Json> devices = new ArrayList<>();

  /// One key of a secret, which a container has as the file [#FILE].
  ///
  /// @param optional the pod starts without it
  record SecretFile(String secret, String key, boolean optional) {}

  /// The name of a secret's file below its path.
  static final String FILE = "/file";

  void secret(String name, SecretFile file, String path) {
    Json.Obj source =
        Json.Obj.EMPTY
            .with("secretName", file.secret())
            .with("items", Json.Arr.of(Json.Obj.EMPTY.with("key", file.key()).with("path", "file")))
            .with("defaultMode", 0400);
    add(name, "secret", file.optional() ? source.with("optional", true) : source);
    mount(mountOf(name, path), true);
  }

  void claim(String name, String claim, String path, boolean readOnly) {
    claimed(name, claim, readOnly);
    mount(mountOf(name, path), readOnly);
  }

  /// A claim's volume as a device.
  void device(String name, String claim, String path, boolean readOnly) {
    claimed(name, claim, readOnly);
    devices.add(Json.Obj.EMPTY.with("name", name).with("devicePath", path));
  }

  private void claimed(String name, String claim, boolean readOnly) {
    Json.Obj source = Json.Obj.EMPTY.with("claimName", claim);
    add(name, "persistentVolumeClaim", readOnly ? source.with("readOnly", true) : source);
  }

  /// A folder of the node.
  void hostFolder(String name, String folder, String path, boolean readOnly) {
    add(name, "hostPath", Json.Obj.EMPTY.with("path", folder).with("type", "Directory"));
    mount(mountOf(name, path).with("mountPropagation", "HostToContainer"), readOnly);
  }

  /// An empty folder that goes with the pod.
  void scratch(String name, String path) {
    add(name, "emptyDir", Json.Obj.EMPTY);
    mount(mountOf(name, path), false);
  }

  private void add(String name, String kind, Json.Obj source) {
    volumes.add(Json.Obj.EMPTY.with("name", name).with(kind, source));
  }

  private static Json.Obj mountOf(String name, String path) {
    return Json.Obj.EMPTY.with("name", name).with("mountPath", path);
  }

  private void mount(Json.Obj mount, boolean readOnly) {
    mounts.add(readOnly ? mount.with("readOnly", true) : mount);
  }

  /// Of the pod's spec.
  Json.Arr volumes() {
    return new Json.Arr(volumes);
  }

  /// Of the container.
  Json.Arr mounts() {
    return new Json.Arr(mounts);
  }

  /// Of the container.
  Json.Arr devices() {
    return new Json.Arr(devices);
  }
}
