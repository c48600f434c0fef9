package dev.longshore.agent.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DashboardTest {
  /// What the agent serves under `/metrics`.
  private static final Set<String> METRICS =
      Set.of(
          "podVolume_data_upload_success_total",
          "podVolume_data_upload_failure_total",
          "podVolume_data_upload_cancel_total",
          "podVolume_data_download_success_total",
          "podVolume_data_download_failure_total",
          "podVolume_data_download_cancel_total",
          "podVolume_pod_volume_backup_enqueue_count",
          "podVolume_pod_volume_backup_dequeue_count",
          "longshore_transfers",
          "longshore_transfer_seconds_bucket",
          "longshore_transfer_seconds_count",
          "longshore_queue_oldest_seconds",
          "longshore_transfer_bytes_total",
          "longshore_attempts_lost_total",
          "longshore_block_backups_total",
          "longshore_leader",
          "longshore_api_requests_total",
          "longshore_verified_bytes_total",
          "longshore_damaged_contents",
          "longshore_verification_failures_total",
          "longshore_leaked_objects",
          "longshore_forgotten_snapshots_total",
          "velero_repo_maintenance_success_total",
          "velero_repo_maintenance_failure_total",
          "velero_repo_maintenance_duration_seconds_bucket");

  private static final Pattern NAME = Pattern.compile("(?:longshore|podVolume|velero)_[A-Za-z_]+");

  @Test
  void dashboardAsksForMetricsThatThereAre() throws IOException {
    KubeObject dashboard =
        new KubeObject(JsonCodec.parseObject(DeployFiles.text("dashboard/longshore.json")));
    Set<Long> ids = new HashSet<>();
    Set<String> asked = new TreeSet<>();
    for (Json.Obj one : dashboard.array("panels").objects()) {
      KubeObject panel = new KubeObject(one);
      assertTrue(ids.add(panel.number("id")), panel.text("title"));
      List<Json.Obj> targets = panel.array("targets").objects();
      assertFalse(targets.isEmpty(), panel.text("title"));
      for (Json.Obj target : targets) {
        asked.addAll(names(new KubeObject(target).text("expr")));
      }
    }
    assertTrue(METRICS.containsAll(asked), asked::toString);
    Set<String> unseen = new TreeSet<>(METRICS);
    unseen.removeAll(asked);
    assertEquals(Set.of("longshore_transfer_seconds_count"), unseen);
  }

  @Test
  void alertsAskForMetricsThatThereAre() throws IOException {
    KubeObject rule = DeployFiles.object("alerts/longshore.yaml");
    for (Json.Obj group : rule.array("spec", "groups").objects()) {
      for (Json.Obj one : new KubeObject(group).array("rules").objects()) {
        KubeObject alert = new KubeObject(one);
        String name = alert.text("alert");
        Set<String> asked = names(alert.text("expr"));
        assertTrue(METRICS.containsAll(asked), name + asked);
        assertTrue(Set.of("warning", "critical").contains(alert.text("labels", "severity")), name);
        assertFalse(alert.text("annotations", "summary").isEmpty(), name);
      }
    }
  }

  /// Each expression asks for something.
  private static Set<String> names(String expression) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = NAME.matcher(expression);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    assertFalse(names.isEmpty(), expression);
    return names;
  }
}
