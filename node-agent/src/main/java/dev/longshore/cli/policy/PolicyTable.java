package dev.longshore.cli.policy;

import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.Sizes;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.policy.EffectivePolicy;
import dev.longshore.format.policy.ActionCommand;
import dev.longshore.format.policy.ActionsPolicy;
import dev.longshore.format.policy.CompressionPolicy;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.snapshot.SourceInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A policy as Kopia's `policy show` lays it out: name, value, where it is defined; values end in
/// one column.
final class PolicyTable {
  /// One line.
  private record Row(String name, String value, String origin) {}

  private static final String GAP = "   ";
  private static final String[] SHADOW_COPY = {"never", "always", "when-available"};

  private final Sizes sizes;
  private final SourceInfo target;
  private final EffectivePolicy effective;
  private final List<Row> rows = new ArrayList<>();

  PolicyTable(Sizes sizes, SourceInfo target, EffectivePolicy effective) {
    this.sizes = sizes;
    this.target = target;
    this.effective = effective;
  }

  /// The aligned lines.
  List<String> lines() {
    Policy policy = effective.policy();
    addRetention(policy);
    addFiles(policy.files());
    addErrors(policy);
    addScheduling(policy.scheduling());
    addUpload(policy);
    addCompression(policy.compression());
    addMetadata(policy);
    addActions(policy.actions());
    addRest(policy);
    int width = 0;
    for (Row row : rows) {
      if (!row.value().isEmpty()) {
        width = Math.max(width, row.name().length() + GAP.length() + row.value().length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      lines.add(Text.visible(line(row, width)));
    }
    return lines;
  }

  private static String line(Row row, int width) {
    if (row.value().isEmpty() && row.origin().isEmpty()) {
      return row.name();
    }
    int spaces = Math.max(0, width - row.name().length() - row.value().length());
    String line = row.name() + " ".repeat(spaces) + row.value();
    return row.origin().isEmpty() ? line : line + GAP + row.origin();
  }

  private String origin(String setting) {
    SourceInfo from = effective.definedBy(setting).orElse(SourceInfo.GLOBAL);
    return from.equals(target) ? "(defined for this target)" : "inherited from " + from;
  }

  private void title(String text) {
    if (!rows.isEmpty()) {
      rows.add(new Row("", "", ""));
    }
    text(text);
  }

  private void text(String text) {
    rows.add(new Row(text, "", ""));
  }

  private void row(String name, String value, String setting) {
    rows.add(new Row(name, value, origin(setting)));
  }

  private static String orDash(@Nullable Long value) {
    return value == null ? "-" : Long.toString(value);
  }

  private static String orElse(@Nullable Boolean value, boolean fallback) {
    return Boolean.toString(value == null ? fallback : value);
  }

  private void addRetention(Policy policy) {
    var keep = policy.retention();
    title("Retention:");
    row("  Annual snapshots:", orDash(keep.keepAnnual()), "retention.keepAnnual");
    row("  Monthly snapshots:", orDash(keep.keepMonthly()), "retention.keepMonthly");
    row("  Weekly snapshots:", orDash(keep.keepWeekly()), "retention.keepWeekly");
    row("  Daily snapshots:", orDash(keep.keepDaily()), "retention.keepDaily");
    row("  Hourly snapshots:", orDash(keep.keepHourly()), "retention.keepHourly");
    row("  Latest snapshots:", orDash(keep.keepLatest()), "retention.keepLatest");
    row(
        "  Ignore identical snapshots:",
        orElse(keep.ignoreIdenticalSnapshots(), false),
        "retention.ignoreIdenticalSnapshots");
  }

  private void addFiles(FilesPolicy files) {
    title("Files policy:");
    row(
        "  Ignore cache directories:",
        orElse(files.ignoreCacheDirs(), true),
        "files.ignoreCacheDirs");
    if (files.ignoreRules().isEmpty()) {
      text("  No ignore rules:");
    } else {
      row("  Ignore rules:", "", "files.ignore");
      files.ignoreRules().forEach(rule -> text("    " + rule));
    }
    if (!files.dotIgnoreFiles().isEmpty()) {
      row("  Read ignore rules from files:", "", "files.ignoreDotFiles");
      files.dotIgnoreFiles().forEach(name -> text("    " + name));
    }
    if (files.maxFileSizeBytes() > 0) {
      row("  Ignore files above:", sizes.bytes(files.maxFileSizeBytes()), "files.maxFileSize");
    }
    row("  Scan one filesystem only:", orElse(files.oneFileSystem(), false), "files.oneFileSystem");
  }

  private void addErrors(Policy policy) {
    var errors = policy.errorHandling();
    title("Error handling policy:");
    row(
        "  Ignore file read errors:",
        orElse(errors.ignoreFileErrors(), false),
        "errorHandling.ignoreFileErrors");
    row(
        "  Ignore directory read errors:",
        orElse(errors.ignoreDirectoryErrors(), false),
        "errorHandling.ignoreDirectoryErrors");
    row(
        "  Ignore unknown types:",
        orElse(errors.ignoreUnknownTypes(), true),
        "errorHandling.ignoreUnknownTypes");
  }

  private void addScheduling(SchedulingPolicy schedule) {
    title("Scheduling policy:");
    text("  Scheduled snapshots:");
    boolean any = false;
    if (schedule.intervalSeconds() != 0) {
      Duration interval = Duration.ofSeconds(schedule.intervalSeconds());
      row("    Snapshot interval:", GoDurations.format(interval), "scheduling.intervalSeconds");
      any = true;
    }
    if (!schedule.timesOfDay().isEmpty()) {
      row("  Run missed snapshots:", orElse(schedule.runMissed(), false), "scheduling.runMissed");
      row("  Snapshot times:", "", "scheduling.timeOfDay");
      schedule.timesOfDay().forEach(time -> text("    " + time));
      any = true;
    }
    if (!schedule.cron().isEmpty()) {
      row("  Crontab expressions:", "", "scheduling.cron");
      schedule.cron().forEach(expression -> text("    " + expression));
      any = true;
    }
    if (!any) {
      text("    None.");
    }
    row("  Manual snapshot:", Boolean.toString(schedule.manual()), "scheduling.manual");
  }

  private void addUpload(Policy policy) {
    var upload = policy.upload();
    title("Uploads:");
    row(
        "  Max parallel snapshots (server/UI):",
        orDash(upload.maxParallelSnapshots()),
        "upload.maxParallelSnapshots");
    row(
        "  Max parallel file reads:",
        orDash(upload.maxParallelFileReads()),
        "upload.maxParallelFileReads");
    Long above = upload.parallelUploadAboveSizeBytes();
    row(
        "  Parallel upload above size:",
        above == null ? "-" : sizes.bytes(above),
        "upload.parallelUploadAboveSize");
  }

  private void addCompression(CompressionPolicy compression) {
    String name = compression.compressorName();
    if (name.isEmpty() || name.equals("none")) {
      title("Compression disabled.");
      return;
    }
    title("Compression:");
    row("  Compressor:", name, "compression.compressorName");
    if (!compression.onlyCompress().isEmpty()) {
      row("  Only compress files with the following extensions:", "", "compression.onlyCompress");
      compression.onlyCompress().forEach(extension -> text("     - " + extension));
    } else if (!compression.neverCompress().isEmpty()) {
      row("  Compress all files except the following extensions:", "", "compression.neverCompress");
      compression.neverCompress().forEach(extension -> text("    " + extension));
    } else {
      text("  Compress files regardless of extensions.");
    }
    if (compression.maxSizeBytes() > 0) {
      text(
          "  Only compress files between %s and %s."
              .formatted(
                  sizes.bytes(compression.minSizeBytes()),
                  sizes.bytes(compression.maxSizeBytes())));
    } else if (compression.minSizeBytes() > 0) {
      text(
          "  Only compress files bigger than %s."
              .formatted(sizes.bytes(compression.minSizeBytes())));
    } else {
      text("  Compress files of all sizes.");
    }
  }

  private void addMetadata(Policy policy) {
    String name = policy.metadataCompressor();
    if (name.isEmpty() || name.equals("none")) {
      title("Metadata compression disabled.");
    } else {
      title("Metadata compression:");
      row("  Compressor:", name, "metadataCompression.compressorName");
    }
    title("Splitter:");
    row(
        "  Algorithm override:",
        policy.splitter().isEmpty() ? "(repository default)" : policy.splitter(),
        "splitter.algorithm");
  }

  private void addActions(ActionsPolicy actions) {
    int before = rows.size();
    addAction("Run command before snapshot root:", actions.beforeSnapshotRoot());
    addAction("Run command after snapshot root:", actions.afterSnapshotRoot());
    addAction("Run command before this folder:", actions.beforeFolder());
    addAction("Run command after this folder:", actions.afterFolder());
    if (rows.size() == before) {
      title("No actions defined.");
    }
  }

  private void addAction(String name, @Nullable ActionCommand action) {
    if (action == null) {
      return;
    }
    title(name);
    if (action.script().isEmpty()) {
      text("  Command:");
      text("    " + action.command() + " " + String.join(" ", action.arguments()));
    } else {
      text("  Embedded script (stored in repository):");
      action.script().lines().forEach(line -> text("    " + line));
    }
    rows.add(new Row("  Mode:", action.mode().isEmpty() ? "sync" : action.mode(), ""));
    Duration timeout = Duration.ofSeconds(action.timeoutSeconds());
    rows.add(new Row("  Timeout:", GoDurations.format(timeout), ""));
  }

  private void addRest(Policy policy) {
    Long shadow = policy.volumeShadowCopy();
    int mode = shadow == null ? 0 : Math.clamp(shadow, 0, SHADOW_COPY.length - 1);
    title("OS-level snapshot support:");
    row("  Volume Shadow Copy:", SHADOW_COPY[mode], "osSnapshots.volumeShadowCopy.enable");
    var logging = policy.logging();
    title("Logging details (0-none, 10-maximum):");
    row(
        "  Directory snapshotted:",
        detail(logging.dirSnapshotted()),
        "logging.directories.snapshotted");
    row("  Directory ignored:", detail(logging.dirIgnored()), "logging.directories.ignored");
    row("  Entry snapshotted:", detail(logging.entrySnapshotted()), "logging.entries.snapshotted");
    row("  Entry ignored:", detail(logging.entryIgnored()), "logging.entries.ignored");
    row("  Entry cache hit:", detail(logging.entryCacheHit()), "logging.entries.cacheHit");
    row("  Entry cache miss:", detail(logging.entryCacheMiss()), "logging.entries.cacheMiss");
  }

  private static String detail(@Nullable Long level) {
    return level == null ? "0" : Long.toString(level);
  }
}
