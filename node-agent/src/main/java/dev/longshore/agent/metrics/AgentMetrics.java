package dev.longshore.agent.metrics;

import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.reconcile.Meter;
import dev.longshore.agent.repository.UpkeepMeter;
import dev.longshore.mover.task.TaskReport;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The agent's metrics: Velero's under their own names, so that dashboards go on working, and ours.
/// Safe for use by many threads.
public final class AgentMetrics implements Meter, UpkeepMeter {
  private static final double[] BUCKETS = {60, 300, 600, 900, 1800, 3600, 7200, 10800, 14400};

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /// Velero's names have the kind and the outcome in them: `podVolume_data_upload_success_total`.
  private final Map<String, Counter> ends = new HashMap<>();

  /// Counters that may not be called so: a counter's name would be written with `_total` after it.
  private final Gauge enqueued = gauge("podVolume_pod_volume_backup_enqueue_count", "node");

  private final Gauge dequeued = gauge("podVolume_pod_volume_backup_dequeue_count", "node");
  private final Counter bytes = counter("longshore_transfer_bytes", "kind", "what");
  private final Counter blocks = counter("longshore_block_backups", "mode", "code");
  private final Counter lost = counter("longshore_attempts_lost", "kind");
  private final Gauge transfers = gauge("longshore_transfers", "kind", "phase");
  private final Gauge oldest = gauge("longshore_queue_oldest_seconds", "kind", "phase");
  private final Gauge leader = gauge("longshore_leader");
  private final Counter requests = counter("longshore_api_requests", "verb", "code");
  private final Histogram seconds =
      Histogram.builder()
          .name("longshore_transfer_seconds")
          .help("From a transfer's creation to its end.")
          .labelNames("kind", "outcome")
          .classicOnly()
          .classicUpperBounds(BUCKETS)
          .register(registry);

  /// Velero's server has these three where it maintains repositories.
  private final Counter maintained = counter("velero_repo_maintenance_success", "repository_name");

  private final Counter unmaintained =
      counter("velero_repo_maintenance_failure", "repository_name");
  private final Histogram maintenanceSeconds =
      Histogram.builder()
          .name("velero_repo_maintenance_duration_seconds")
          .help("How long maintenance of a repository took.")
          .labelNames("repository_name")
          .classicOnly()
          .classicUpperBounds(BUCKETS)
          .register(registry);
  private final Counter verifiedBytes = counter("longshore_verified_bytes", "repository_name");
  private final Gauge damaged = gauge("longshore_damaged_contents", "repository_name");
  private final Counter unverified = counter("longshore_verification_failures", "repository_name");
  private final Gauge leaks = gauge("longshore_leaked_objects", "kind");
  private final Counter forgotten = counter("longshore_forgotten_snapshots");

  public AgentMetrics() {
    for (String kind : List.of("data_upload", "data_download")) {
      for (String outcome : List.of("success", "failure", "cancel")) {
        String name = "podVolume_%s_%s".formatted(kind, outcome);
        ends.put(name, counter(name, "node"));
      }
    }
  }

  private Counter counter(String name, String... labels) {
    return Counter.builder()
        .name(name)
        .help(name.replace('_', ' '))
        .labelNames(labels)
        .register(registry);
  }

  private Gauge gauge(String name, String... labels) {
    return Gauge.builder()
        .name(name)
        .help(name.replace('_', ' '))
        .labelNames(labels)
        .register(registry);
  }

  private static String kind(Transfer transfer) {
    return transfer.kind().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void accepted(Transfer transfer) {
    if (transfer.kind().isPodVolume() && transfer.kind().isBackup()) {
      enqueued.labelValues(transfer.object().text("spec", "node")).inc();
    }
  }

  @Override
  public void lost(Transfer transfer) {
    lost.labelValues(kind(transfer)).inc();
  }

  @Override
  public void ended(
      Transfer transfer, Phase outcome, String node, TaskReport report, Duration took) {
    String word =
        switch (outcome) {
          case COMPLETED -> "success";
          case CANCELED -> "cancel";
          default -> "failure";
        };
    Counter velero = ends.get("podVolume_%s_%s".formatted(kind(transfer), word));
    if (velero != null) {
      velero.labelValues(node).inc();
    } else if (transfer.kind().isBackup()) {
      dequeued.labelValues(transfer.object().text("spec", "node")).inc();
    }
    seconds.labelValues(kind(transfer), word).observe(took.toMillis() / 1000.0);
    bytes.labelValues(kind(transfer), "total").inc(report.totalBytes());
    bytes.labelValues(kind(transfer), "incremental").inc(report.incrementalBytes());
    String mode = report.details().get(TaskReport.CHANGE_MODE);
    if (mode != null) {
      blocks.labelValues(mode, report.details().getOrDefault(TaskReport.CHANGE_CODE, "")).inc();
    }
  }

  @Override
  public void maintained(String repository, boolean good, Duration took) {
    (good ? maintained : unmaintained).labelValues(repository).inc();
    maintenanceSeconds.labelValues(repository).observe(took.toMillis() / 1000.0);
  }

  @Override
  public void verified(String repository, TaskReport report) {
    verifiedBytes.labelValues(repository).inc(number(report, "verifiedBytes"));
    damaged.labelValues(repository).set((double) number(report, "damagedContents"));
    if (report.outcome() != TaskReport.Outcome.COMPLETED) {
      unverified.labelValues(repository).inc();
    }
  }

  private static long number(TaskReport report, String detail) {
    String text = report.details().getOrDefault(detail, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  @Override
  public void leaked(Map<String, Integer> counts) {
    counts.forEach((kind, count) -> leaks.labelValues(kind).set(count));
  }

  @Override
  public void forgotten(int snapshots) {
    forgotten.inc(snapshots);
  }

  /// Notes how many transfers there are in each phase, and how long the oldest has been there.
  public void observe(List<Transfer> all, Instant now) {
    Map<List<String>, Integer> counts = new HashMap<>();
    Map<List<String>, Double> ages = new HashMap<>();
    for (Transfer transfer : all) {
      List<String> labels = List.of(kind(transfer), transfer.phase().word());
      counts.merge(labels, 1, Integer::sum);
      if (!transfer.phase().isFinal()) {
        Instant created = transfer.object().created().orElse(now);
        double age = Math.max(0, Duration.between(created, now).toMillis() / 1000.0);
        ages.merge(labels, age, Math::max);
      }
    }
    transfers.clear();
    counts.forEach((labels, count) -> transfers.labelValues(array(labels)).set(count));
    oldest.clear();
    ages.forEach((labels, age) -> oldest.labelValues(array(labels)).set(age));
  }

  private static String[] array(List<String> labels) {
    return labels.toArray(String[]::new);
  }

  /// Notes whether this agent leads.
  public void leading(boolean leads) {
    leader.set(leads ? 1 : 0);
  }

  /// Counts a request to the API.
  ///
  /// @param code HTTP's status; 0 without an answer
  public void requested(String verb, int code) {
    requests.labelValues(verb, Integer.toString(code)).inc();
  }

  /// Writes all of it in Prometheus' text format.
  public void write(OutputStream out) throws IOException {
    PrometheusTextFormatWriter.create().write(out, registry.scrape());
  }

  /// The media type of [#write].
  public static String contentType() {
    return PrometheusTextFormatWriter.CONTENT_TYPE;
  }
}
