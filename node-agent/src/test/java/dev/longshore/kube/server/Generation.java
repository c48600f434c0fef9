package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which CustomResourceDefinitions of Velero are installed, next to those of volume snapshots.
public enum Generation {
  /// Velero before block data movers: no parent snapshots, no filesystem types.
  OLD,
  NEW;

  private static final List<String> FILES =
      List.of(
          "velero.io_backuprepositories",
          "velero.io_backups",
          "velero.io_backupstoragelocations",
          "velero.io_datadownloads",
          "velero.io_datauploads",
          "velero.io_deletebackuprequests",
          "velero.io_podvolumebackups",
          "velero.io_podvolumerestores",
          "velero.io_restores",
          "snapshot.storage.k8s.io_volumesnapshotclasses",
          "snapshot.storage.k8s.io_volumesnapshotcontents",
          "snapshot.storage.k8s.io_volumesnapshots");

  /// Kind and field that only the new generation has.
  private static final List<List<String>> NEW_FIELDS =
      List.of(
          List.of("DataUpload", "spec", "parentSnapshot"),
          List.of("DataUpload", "spec", "sourceFSType"),
          List.of("DataDownload", "spec", "targetVolume", "fsType"),
          List.of("PodVolumeBackup", "spec", "parentSnapshot"),
          List.of("Backup", "spec", "backupType"));

  /// The definitions, as they would be applied.
  public List<KubeObject> definitions() {
    List<KubeObject> definitions = new ArrayList<>();
    for (String file : FILES) {
      KubeObject definition = new KubeObject(read("/crds/" + file + ".yaml"));
      definitions.add(this == OLD ? older(definition) : definition);
    }
    return definitions;
  }

  private static Json.Obj read(String name) {
    try (InputStream text = Generation.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return Yaml.parseObject(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  private static KubeObject older(KubeObject definition) {
    KubeObject older = definition;
    for (List<String> field : NEW_FIELDS) {
      if (definition.text("spec", "names", "kind").equals(field.getFirst())) {
        older =
            older.with(withoutField(older.array("spec", "versions"), field), "spec", "versions");
      }
    }
    return older;
  }

  private static Json.Arr withoutField(Json.Arr versions, List<String> field) {
    List<String> path = new ArrayList<>(List.of("schema", "openAPIV3Schema"));
    for (String name : field.subList(1, field.size())) {
      path.addAll(Arrays.asList("properties", name));
    }
    return new Json.Arr(
        versions.objects().stream()
            .<Json>map(
                version -> new KubeObject(version).without(path.toArray(new String[0])).json())
            .toList());
  }
}
