package dev.longshore.agent.config;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pods that keep a repository, as Velero's ConfigMap of maintenance jobs has them.
///
/// Source: Velero d2241adba `pkg/types/repo_maintenance.go`, `pkg/repository/maintenance`.
///
/// @param nodes where they run; empty: anywhere
/// @param resources `{"requests":…,"limits":…}`, or empty
/// @param keepLatest jobs that have ended and are kept
/// @param priorityClass may be empty
/// @param problems what was ignored and why
public record UpkeepConfig(
    Optional<LabelSelector> nodes,
    Json.Obj resources,
    int keepLatest,
    String priorityClass,
    Map<String, String> podAnnotations,
    Map<String, String> podLabels,
    List<String> problems) {
  private static final String GLOBAL = "global";
  private static final int KEEP = 3;

  /// The history of a repository has as many: of what is older nobody would know.
  private static final int MOST_KEPT = 25;

  public static final UpkeepConfig DEFAULT =
      new UpkeepConfig(Optional.empty(), Json.Obj.EMPTY, KEEP, "", Map.of(), Map.of(), List.of());

  public UpkeepConfig {
    podAnnotations = Map.copyOf(podAnnotations);
    podLabels = Map.copyOf(podLabels);
    problems = List.copyOf(problems);
  }

  /// The settings for a repository: those under its own key, and else the global ones.
  ///
  /// @param configMap whose values are JSON
  /// @param repository `NAMESPACE-LOCATION-kopia`
  public static UpkeepConfig of(KubeObject configMap, String repository) {
    Map<String, String> data = configMap.object("data").strings();
    List<String> problems = new ArrayList<>();
    KubeObject global = parsed(data, GLOBAL, problems);
    KubeObject own = parsed(data, repository, problems);
    Json.Obj resources = Json.Obj.EMPTY;
    Json.Obj given =
        has(own, "podResources") ? own.object("podResources") : global.object("podResources");
    if (!given.fields().isEmpty()) {
      try {
        resources = PodResources.of(given);
      } catch (IOException e) {
        problems.add("podResources: " + e.getMessage() + "; all of them are ignored");
      }
    }
    Json.Arr affinities =
        has(own, "loadAffinity") ? own.array("loadAffinity") : global.array("loadAffinity");
    KubeObject counted = has(own, "keepLatestMaintenanceJobs") ? own : global;
    long keep =
        has(counted, "keepLatestMaintenanceJobs")
            ? counted.number("keepLatestMaintenanceJobs")
            : KEEP;
    if (keep < 0 || keep > MOST_KEPT) {
      problems.add("keepLatestMaintenanceJobs: must be from 0 to " + MOST_KEPT);
    }
    return new UpkeepConfig(
        affinities.objects().stream()
            .findFirst()
            .map(one -> LabelSelector.of(new KubeObject(one).object("nodeSelector"))),
        resources,
        Math.clamp(keep, 0, MOST_KEPT),
        global.text("priorityClassName"),
        global.object("podAnnotations").strings(),
        global.object("podLabels").strings(),
        problems);
  }

  private static boolean has(KubeObject settings, String key) {
    return settings.at(key) != null;
  }

  private static KubeObject parsed(Map<String, String> data, String key, List<String> problems) {
    String text = data.getOrDefault(key, "{}");
    try {
      return new KubeObject(JsonCodec.parseObject(text));
    } catch (IOException e) {
      problems.add(key + ": not a JSON object, ignored");
      return new KubeObject(Json.Obj.EMPTY);
    }
  }
}
