package dev.longshore.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
  /// All keys, with values that are not the defaults.
  private static final String ALL =
      """
      {"loadConcurrency": {"globalConfig": 2, "prepareQueueLength": 20,
         "perNodeConfig": [{"nodeSelector": {"matchLabels": {"pool": "storage"}}, "number": 6},
                           {"nodeSelector": {"matchLabels": {"old": "yes"}}, "number": 3}]},
       "loadAffinity": [
         {"nodeSelector": {"matchExpressions": [{"key": "pool", "operator": "In", "values": ["storage"]}]},
          "storageClass": "ceph-rbd"},
         {"nodeSelector": {"matchLabels": {"backup": "allowed"}}}],
       "backupPVC": {"cephfs": {"storageClass": "shallow", "readOnly": true, "spcNoRelabeling": true,
                                "annotations": {"a": "b"}}},
       "restorePVC": {"ignoreDelayBinding": true},
       "podResources": {"cpuRequest": "500m", "cpuLimit": "2", "memoryRequest": "512Mi", "memoryLimit": "0",
                        "ephemeralStorageRequest": "6Gi", "ephemeralStorageLimit": "8Gi"},
       "priorityClassName": "low",
       "privilegedFsBackup": true,
       "cachePVC": {"storageClass": "fast", "residentThresholdInMB": 10},
       "podAnnotations": {"note": "x"},
       "podLabels": {"team": "y"},
       "csiSnapshotMetadataServiceConfigs": {"saName": "reader"},
       "longshore": {"attempts": 5, "stallTimeout": "7m", "metadataFailures": "fail", "verifyPercent": 3,
         "blockVolumes": "file", "retainBaseSnapshots": ["rbd"], "verifyDeltaPercent": 4, "deleteExtra": true,
         "verifyInterval": "24h", "verifyBytes": "1Gi", "forgetAfter": "2h"}}
      """;

  private static AgentConfig read(String json) throws IOException {
    return ConfigReader.read(JsonCodec.parseObject(json));
  }

  @Test
  void takesEveryKey() throws Exception {
    AgentConfig config = read(ALL);

    assertEquals(List.of(), config.problems());
    assertEquals(2, config.concurrency().slots(Map.of()));
    assertEquals(6, config.concurrency().slots(Map.of("pool", "storage")));
    assertEquals(3, config.concurrency().slots(Map.of("pool", "storage", "old", "yes")));
    assertEquals(20, config.concurrency().queueLength());
    assertTrue(config.affinity("ceph-rbd").orElseThrow().matches(Map.of("pool", "storage")));
    assertTrue(config.affinity("other").orElseThrow().matches(Map.of("backup", "allowed")));
    assertEquals(
        new AgentConfig.BackupClaim("shallow", true, true, Map.of("a", "b")),
        config.backupClaim("cephfs"));
    assertEquals(AgentConfig.BackupClaim.PLAIN, config.backupClaim("other"));
    assertTrue(config.ignoreDelayBinding());
    assertEquals(
        "{\"requests\":{\"cpu\":\"500m\",\"memory\":\"512Mi\",\"ephemeral-storage\":\"6Gi\"},"
            + "\"limits\":{\"cpu\":\"2\",\"ephemeral-storage\":\"8Gi\"}}",
        JsonCodec.write(config.resources()));
    assertEquals("low", config.priorityClass());
    assertTrue(config.privilegedPodVolumes());
    assertEquals(Optional.of(new AgentConfig.CacheClaim("fast", 10L << 20)), config.cache());
    assertEquals(Map.of("note", "x"), config.podAnnotations());
    assertEquals(Map.of("team", "y"), config.podLabels());
    assertEquals(new BlockConfig(false, "reader", Set.of("rbd"), 4), config.blocks());
    assertEquals(
        new AgentConfig.Own(
            5,
            Duration.ofMinutes(7),
            "fail",
            3,
            true,
            new AgentConfig.Verification(Duration.ofDays(1), 1L << 30),
            Duration.ofHours(2)),
        config.own());
  }

  /// As in Velero, one bad value among the resources makes all of them void, and a cache without a
  /// class none.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"loadConcurrency":{"globalConfig":0}}                         | loadConcurrency.globalConfig
          {"loadConcurrency":{"perNodeConfig":[{"number":0}]}}           | loadConcurrency.perNodeConfig
          {"loadConcurrency":{"prepareQueueLength":-1}}                  | loadConcurrency.prepareQueueLength
          {"prepareQueueLength":3}                                       | prepareQueueLength
          {"backupPVC":{"c":{"spcNoRelabeling":true}}}                   | backupPVC.c.spcNoRelabeling
          {"backupPVC":{"c":{"readOnly":"true"}}}                        | backupPVC.c.readOnly
          {"backupPVC":{"c":{"secretNames":["s"]}}}                      | backupPVC.c.secretNames
          {"restorePVC":{"ignoreDelayBinding":1}}                        | restorePVC.ignoreDelayBinding
          {"podResources":{"cpuRequest":"1"}}                            | podResources
          {"podResources":{"cpuRequest":"2","cpuLimit":"1","memoryRequest":"0","memoryLimit":"0"}} | podResources
          {"privilegedFsBackup":"yes"}                                   | privilegedFsBackup
          {"cachePVC":{"residentThresholdInMB":1}}                       | cachePVC
          {"longshore":{"attempts":0}}                                   | longshore.attempts
          {"longshore":{"stallTimeout":"5"}}                             | longshore.stallTimeout
          {"longshore":{"metadataFailures":"panic"}}                     | longshore.metadataFailures
          {"longshore":{"verifyPercent":101}}                            | longshore.verifyPercent
          {"longshore":{"blockVolumes":"tape"}}                          | longshore.blockVolumes
          {"longshore":{"verifyDeltaPercent":-1}}                        | longshore.verifyDeltaPercent
          {"longshore":{"verifyBytes":"much"}}                           | longshore.verifyBytes
          {"longshore":{"retries":3}}                                    | longshore.retries
          {"verbose":true}                                               | verbose
          """)
  void whatIsInvalidIsToldAndReplacedByTheDefault(String json, String key) throws Exception {
    AgentConfig config = read(json);
    AgentConfig defaults = AgentConfig.defaults();

    assertEquals(1, config.problems().size(), config.problems()::toString);
    assertTrue(config.problems().getFirst().startsWith(key + ":"), config.problems()::toString);
    assertEquals(defaults.concurrency(), config.concurrency());
    assertEquals(defaults.resources(), config.resources());
    assertEquals(defaults.cache(), config.cache());
    assertEquals(defaults.blocks(), config.blocks());
    assertEquals(defaults.own(), config.own());
    assertEquals(AgentConfig.BackupClaim.PLAIN, config.backupClaim("c"));
    assertFalse(config.ignoreDelayBinding() || config.privilegedPodVolumes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":\"{}\",\"b\":\"{}\"}", "{\"a\":\"[]\"}", "{\"a\":\"{\"}"})
  void mapsThatMakeNoSenseEndTheAgent(String data) throws Exception {
    KubeObject map =
        KubeObject.of(Resource.CONFIG_MAPS, "velero", "settings")
            .with(JsonCodec.parseObject(data), "data");
    assertThrows(IOException.class, () -> ConfigReader.ofConfigMap(map));
  }
}
