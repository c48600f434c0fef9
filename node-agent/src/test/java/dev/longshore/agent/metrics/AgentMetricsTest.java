package dev.longshore.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AgentMetricsTest {
  private final AgentMetrics metrics = new AgentMetrics();

  private static Transfer transfer(TransferKind kind) {
    return new Transfer(
        kind, KubeObject.of(kind.resource(), "velero", "x").with("n1", "spec", "node"));
  }

  private String text() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(out);
    return "\n" + out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void podVolumesAreCountedUnderVelerosNames() throws IOException {
    Transfer backup = transfer(TransferKind.POD_VOLUME_BACKUP);
    metrics.accepted(backup);
    metrics.accepted(backup);
    metrics.ended(
        backup, Phase.FAILED, "n1", TaskReport.failed("X", "x", false), Duration.ofSeconds(3));
    String text = text();
    assertTrue(
        text.contains("\npodVolume_pod_volume_backup_enqueue_count{node=\"n1\"} 2.0\n"), text);
    assertTrue(
        text.contains("\npodVolume_pod_volume_backup_dequeue_count{node=\"n1\"} 1.0\n"), text);
  }

  @Test
  void transfersAreCountedUnderVelerosNames() throws IOException {
    metrics.ended(
        transfer(TransferKind.DATA_UPLOAD),
        Phase.CANCELED,
        "n2",
        TaskReport.canceled("x"),
        Duration.ofSeconds(3));
    String text = text();
    assertTrue(text.contains("\npodVolume_data_upload_cancel_total{node=\"n2\"} 1.0\n"), text);
  }
}
