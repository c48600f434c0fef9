package dev.longshore.agent.config;

import dev.longshore.agent.api.GoDuration;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the agent's settings. What is invalid is reported and replaced by what Velero documents
/// for it.
public final class ConfigReader {
  /// All keys, and those of the objects below them; where there are none, anything may be.
  private static final Map<String, Set<String>> KNOWN =
      Map.ofEntries(
          Map.entry(
              "loadConcurrency", Set.of("globalConfig", "perNodeConfig", "prepareQueueLength")),
          Map.entry("loadAffinity", Set.of()),
          Map.entry("backupPVC", Set.of()),
          Map.entry("restorePVC", Set.of("ignoreDelayBinding")),
          Map.entry("podResources", Set.of()),
          Map.entry("priorityClassName", Set.of()),
          Map.entry("privilegedFsBackup", Set.of()),
          Map.entry("cachePVC", Set.of("storageClass", "residentThresholdInMB")),
          Map.entry("podAnnotations", Set.of()),
          Map.entry("podLabels", Set.of()),
          Map.entry("csiSnapshotMetadataServiceConfigs", Set.of("saName")),
          Map.entry(
              "longshore",
              Set.of(
                  "attempts",
                  "stallTimeout",
                  "metadataFailures",
                  "verifyPercent",
                  "blockVolumes",
                  "retainBaseSnapshots",
                  "verifyDeltaPercent",
                  "deleteExtra",
                  "verifyInterval",
                  "verifyBytes",
                  "forgetAfter")));

  private static final Set<String> KNOWN_OF_BACKUP_CLAIMS =
      Set.of("storageClass", "readOnly", "spcNoRelabeling", "annotations");

  private static final int MOST_PERCENT = 100;

  private final KubeObject json;
  private final List<String> problems = new ArrayList<>();

  private ConfigReader(KubeObject json) {
    this.json = json;
  }

  /// The settings in a ConfigMap, which must have exactly one key.
  ///
  /// @throws IOException if it has another number of them, or its value is not a JSON object
  public static AgentConfig ofConfigMap(KubeObject configMap) throws IOException {
    Map<String, String> data = configMap.object("data").strings();
    if (data.size() != 1) {
      throw new IOException(
          "ConfigMap %s must have exactly one key, it has %d"
              .formatted(configMap.name(), data.size()));
    }
    String text = data.values().iterator().next();
    try {
      return read(JsonCodec.parseObject(text));
    } catch (IOException e) {
      throw new IOException(
          "ConfigMap %s: key %s is not a JSON object"
              .formatted(configMap.name(), data.keySet().iterator().next()),
          e);
    }
  }

  /// The settings in a JSON object.
  public static AgentConfig read(Json.Obj json) {
    return new ConfigReader(new KubeObject(json)).config();
  }

  private AgentConfig config() {
    reportUnknown("", json.json(), KNOWN.keySet());
    KNOWN.forEach((key, known) -> {
      if (!known.isEmpty()) {
        reportUnknown(key + ".", json.object(key), known);
      }
    });
    return new AgentConfig(
        concurrency(),
        affinities(),
        backupClaims(),
        flag(json, "", "restorePVC", "ignoreDelayBinding"),
        resources(),
        json.text("priorityClassName"),
        flag(json, "", "privilegedFsBackup"),
        cache(),
        json.object("podAnnotations").strings(),
        json.object("podLabels").strings(),
        BlockConfig.read(json, problems),
        own(),
        problems);
  }

  private void reportUnknown(String path, Json.Obj object, Set<String> known) {
    for (String key : object.fields().keySet()) {
      if (!known.contains(key)) {
        problems.add(path + key + ": unknown, ignored");
      }
    }
  }

  /// A switch; Velero's documentation has all of them as booleans.
  private boolean flag(KubeObject object, String path, String... keys) {
    Json value = object.at(keys);
    if (value != null && !(value instanceof Json.Bool)) {
      problems.add(path + String.join(".", keys) + ": must be true or false, using false");
    }
    return object.flag(keys);
  }

  private AgentConfig.Concurrency concurrency() {
    long global = json.number("loadConcurrency", "globalConfig");
    if (json.at("loadConcurrency", "globalConfig") != null && global <= 0) {
      problems.add("loadConcurrency.globalConfig: must be above 0, using 1");
    }
    List<AgentConfig.NodeRule> rules = new ArrayList<>();
    for (Json.Obj one : json.array("loadConcurrency", "perNodeConfig").objects()) {
      KubeObject rule = new KubeObject(one);
      long number = rule.number("number");
      if (number <= 0) {
        problems.add("loadConcurrency.perNodeConfig: a rule without a number above 0, ignored");
      } else {
        rules.add(
            new AgentConfig.NodeRule(
                LabelSelector.of(rule.object("nodeSelector")), clamped(number)));
      }
    }
    // The site's documentation has it on the top level, the code here.
    long queue = json.number("loadConcurrency", "prepareQueueLength");
    if (queue < 0) {
      problems.add("loadConcurrency.prepareQueueLength: below 0, taken as unlimited");
    }
    return new AgentConfig.Concurrency(
        global <= 0 ? 1 : clamped(global), rules, queue < 0 ? 0 : clamped(queue));
  }

  private static int clamped(long number) {
    return (int) Math.min(number, Integer.MAX_VALUE);
  }

  private List<AgentConfig.Affinity> affinities() {
    List<AgentConfig.Affinity> affinities = new ArrayList<>();
    for (Json.Obj one : json.array("loadAffinity").objects()) {
      KubeObject affinity = new KubeObject(one);
      affinities.add(
          new AgentConfig.Affinity(
              LabelSelector.of(affinity.object("nodeSelector")), affinity.text("storageClass")));
    }
    return affinities;
  }

  private Map<String, AgentConfig.BackupClaim> backupClaims() {
    Map<String, AgentConfig.BackupClaim> claims = new LinkedHashMap<>();
    json.object("backupPVC")
        .fields()
        .forEach((storageClass, value) -> {
          if (value instanceof Json.Obj settings) {
            claims.put(storageClass, backupClaim(storageClass, new KubeObject(settings)));
          }
        });
    return claims;
  }

  private AgentConfig.BackupClaim backupClaim(String storageClass, KubeObject settings) {
    String path = "backupPVC." + storageClass + ".";
    reportUnknown(path, settings.json(), KNOWN_OF_BACKUP_CLAIMS);
    boolean readOnly = flag(settings, path, "readOnly");
    boolean noRelabeling = flag(settings, path, "spcNoRelabeling");
    if (noRelabeling && !readOnly) {
      problems.add(path + "spcNoRelabeling: only for readOnly volumes, ignored");
    }
    return new AgentConfig.BackupClaim(
        settings.text("storageClass"),
        readOnly,
        noRelabeling && readOnly,
        settings.object("annotations").strings());
  }

  private Json.Obj resources() {
    Json.Obj given = json.object("podResources");
    if (given.fields().isEmpty()) {
      return Json.Obj.EMPTY;
    }
    try {
      return PodResources.of(given);
    } catch (IOException e) {
      problems.add("podResources: " + e.getMessage() + "; all of them are ignored");
      return Json.Obj.EMPTY;
    }
  }

  private Optional<AgentConfig.CacheClaim> cache() {
    if (json.at("cachePVC") == null) {
      return Optional.empty();
    }
    String storageClass = json.text("cachePVC", "storageClass");
    if (storageClass.isEmpty()) {
      problems.add("cachePVC: it has no storageClass, ignored");
      return Optional.empty();
    }
    long megabytes = Math.max(0, json.number("cachePVC", "residentThresholdInMB"));
    long most = Long.MAX_VALUE >> 20;
    return Optional.of(new AgentConfig.CacheClaim(storageClass, Math.min(megabytes, most) << 20));
  }

  private AgentConfig.Own own() {
    AgentConfig.Own base = AgentConfig.Own.DEFAULT;
    long attempts = optional("attempts", base.attempts(), 1, 100);
    long percent = optional("verifyPercent", base.verifyPercent(), 0, MOST_PERCENT);
    String failures = json.text("longshore", "metadataFailures");
    if (!failures.isEmpty() && !Set.of("fail", "warn", "ignore").contains(failures)) {
      problems.add(
          "longshore.metadataFailures: must be fail, warn or ignore, using "
              + base.metadataFailures());
      failures = "";
    }
    return new AgentConfig.Own(
        (int) attempts,
        duration("stallTimeout", base.stallTimeout(), Duration.ofMinutes(1)),
        failures.isEmpty() ? base.metadataFailures() : failures,
        (int) percent,
        flag(json, "", "longshore", "deleteExtra"),
        verification(base.verification()),
        duration("forgetAfter", base.forgetAfter(), Duration.ZERO));
  }

  private AgentConfig.Verification verification(AgentConfig.Verification base) {
    String text = json.text("longshore", "verifyBytes");
    Optional<Long> bytes = Quantity.bytes(text).filter(amount -> amount > 0);
    if (!text.isEmpty() && bytes.isEmpty()) {
      problems.add("longshore.verifyBytes: must be an amount above 0, using 10Gi");
    }
    return new AgentConfig.Verification(
        duration("verifyInterval", base.interval(), Duration.ofMinutes(1)),
        bytes.orElse(base.bytes()));
  }

  private Duration duration(String field, Duration otherwise, Duration least) {
    String text = json.text("longshore", field);
    if (text.isEmpty()) {
      return otherwise;
    }
    Optional<Duration> given = GoDuration.parse(text).filter(one -> one.compareTo(least) >= 0);
    if (given.isEmpty()) {
      problems.add(
          "longshore.%s: must be a duration of %s or more, using %s"
              .formatted(field, GoDuration.text(least), GoDuration.text(otherwise)));
    }
    return given.orElse(otherwise);
  }

  private long optional(String field, long otherwise, long least, long most) {
    if (json.at("longshore", field) == null) {
      return otherwise;
    }
    long value = json.number("longshore", field);
    if (value < least || value > most) {
      problems.add(
          "longshore.%s: must be from %d to %d, using %d".formatted(field, least, most, otherwise));
      return otherwise;
    }
    return value;
  }
}
