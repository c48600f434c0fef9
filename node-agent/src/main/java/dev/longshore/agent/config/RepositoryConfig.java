package dev.longshore.agent.config;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// What new repositories are given, as Velero's ConfigMap of backup repositories has it: under the
/// key `kopia`, JSON with `cacheLimitMB` and `fullMaintenanceInterval`.
public final class RepositoryConfig {
  private static final String KEY = "kopia";
  private static final String CACHE = "cacheLimitMB";
  private static final String INTERVAL = "fullMaintenanceInterval";
  private static final Map<String, Duration> INTERVALS =
      Map.of(
          "normalGC", Duration.ofHours(24),
          "fastGC", Duration.ofHours(12),
          "eagerGC", Duration.ofHours(6));

  private RepositoryConfig() {}

  /// For `spec.repositoryConfig`; keys that nobody knows are left out.
  ///
  /// @throws IOException if it is not a JSON object
  public static Map<String, String> of(KubeObject configMap) throws IOException {
    KubeObject json =
        new KubeObject(
            JsonCodec.parseObject(configMap.object("data").strings().getOrDefault(KEY, "{}")));
    Map<String, String> config = new TreeMap<>();
    if (json.at(CACHE) instanceof Json.Num(String digits)) {
      config.put(CACHE, digits);
    }
    String interval = json.text(INTERVAL);
    if (INTERVALS.containsKey(interval)) {
      config.put(INTERVAL, interval);
    }
    return config;
  }

  /// The time between full maintenance that a repository's resource asks for; zero: the default.
  public static Duration fullMaintenance(KubeObject repository) {
    return INTERVALS.getOrDefault(
        repository.text("spec", "repositoryConfig", INTERVAL), Duration.ZERO);
  }
}
