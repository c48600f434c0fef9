package dev.longshore.agent.world.velero;

import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What Velero's server keeps in the backup storage location. Outlives the cluster's objects.
public final class Archive {
  /// A backup.
  ///
  /// @param claims as they were, `namespace/name`
  /// @param operations the data uploads' names
  public record Kept(
      String name,
      Map<String, KubeObject> claims,
      List<String> operations,
      List<KubeObject> dataUploads,
      List<KubeObject> podVolumeBackups,
      List<KubeObject> pods,
      List<String> errors) {
    static Kept empty(String name) {
      return new Kept(
          name,
          new LinkedHashMap<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  private final Map<String, Kept> backups = new LinkedHashMap<>();

  Kept open(String backup) {
    return backups.computeIfAbsent(backup, Kept::empty);
  }

  void remove(String backup) {
    backups.remove(backup);
  }

  /// A backup, which has to exist.
  public Kept get(String backup) {
    Kept kept = backups.get(backup);
    if (kept == null) {
      throw new IllegalArgumentException("no backup " + backup + " in the archive");
    }
    return kept;
  }

  public boolean has(String backup) {
    return backups.containsKey(backup);
  }
}
