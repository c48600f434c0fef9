package dev.longshore.engine.policy;

import dev.longshore.format.json.RawText;
import dev.longshore.format.policy.ActionCommand;
import dev.longshore.format.policy.ActionsPolicy;
import dev.longshore.format.policy.CompressionPolicy;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.LoggingPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.policy.TimeOfDay;
import dev.longshore.format.policy.UploadPolicy;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Lays policies over each other, most specific first; the rules are told at [EffectivePolicy].
final class PolicyMerge {
  private final Map<String, SourceInfo> definedBy = new HashMap<>();
  private Policy merged = Policy.UNSET;
  private SourceInfo from = SourceInfo.GLOBAL;

  Policy merged() {
    return merged;
  }

  Map<String, SourceInfo> definedBy() {
    return definedBy;
  }

  /// Fills what is unset so far from a policy.
  void add(SourceInfo target, Policy policy) {
    from = target;
    merged =
        new Policy(
            retention(merged.retention(), policy.retention()),
            files(merged.files(), policy.files()),
            errorHandling(merged.errorHandling(), policy.errorHandling()),
            scheduling(merged.scheduling(), policy.scheduling()),
            compression(merged.compression(), policy.compression()),
            first(
                "metadataCompression.compressorName",
                merged.metadataCompressor(),
                policy.metadataCompressor()),
            first("splitter.algorithm", merged.splitter(), policy.splitter()),
            actions(merged.actions(), policy.actions()),
            first(
                "osSnapshots.volumeShadowCopy.enable",
                merged.volumeShadowCopy(),
                policy.volumeShadowCopy()),
            logging(merged.logging(), policy.logging()),
            upload(merged.upload(), policy.upload()),
            false);
  }

  /// Takes over the two actions that are not inherited.
  void takeFolderActions(ActionsPolicy own) {
    ActionsPolicy inherited = merged.actions();
    merged =
        new Policy(
            merged.retention(),
            merged.files(),
            merged.errorHandling(),
            merged.scheduling(),
            merged.compression(),
            merged.metadataCompressor(),
            merged.splitter(),
            new ActionsPolicy(
                own.beforeFolder(),
                own.afterFolder(),
                inherited.beforeSnapshotRoot(),
                inherited.afterSnapshotRoot()),
            merged.volumeShadowCopy(),
            merged.logging(),
            merged.upload(),
            false);
  }

  private RetentionPolicy retention(RetentionPolicy a, RetentionPolicy b) {
    return new RetentionPolicy(
        first("retention.keepLatest", a.keepLatest(), b.keepLatest()),
        first("retention.keepHourly", a.keepHourly(), b.keepHourly()),
        first("retention.keepDaily", a.keepDaily(), b.keepDaily()),
        first("retention.keepWeekly", a.keepWeekly(), b.keepWeekly()),
        first("retention.keepMonthly", a.keepMonthly(), b.keepMonthly()),
        first("retention.keepAnnual", a.keepAnnual(), b.keepAnnual()),
        first(
            "retention.ignoreIdenticalSnapshots",
            a.ignoreIdenticalSnapshots(),
            b.ignoreIdenticalSnapshots()));
  }

  private FilesPolicy files(FilesPolicy a, FilesPolicy b) {
    return new FilesPolicy(
        first("files.ignore", a.ignoreRules(), b.ignoreRules()),
        first("files.noParentIgnore", a.noParentIgnoreRules(), b.noParentIgnoreRules()),
        first("files.ignoreDotFiles", a.dotIgnoreFiles(), b.dotIgnoreFiles()),
        first("files.noParentDotFiles", a.noParentDotIgnoreFiles(), b.noParentDotIgnoreFiles()),
        first("files.ignoreCacheDirs", a.ignoreCacheDirs(), b.ignoreCacheDirs()),
        first("files.maxFileSize", a.maxFileSizeBytes(), b.maxFileSizeBytes()),
        first("files.oneFileSystem", a.oneFileSystem(), b.oneFileSystem()));
  }

  private ErrorHandlingPolicy errorHandling(ErrorHandlingPolicy a, ErrorHandlingPolicy b) {
    return new ErrorHandlingPolicy(
        first("errorHandling.ignoreFileErrors", a.ignoreFileErrors(), b.ignoreFileErrors()),
        first(
            "errorHandling.ignoreDirectoryErrors",
            a.ignoreDirectoryErrors(),
            b.ignoreDirectoryErrors()),
        first("errorHandling.ignoreUnknownTypes", a.ignoreUnknownTypes(), b.ignoreUnknownTypes()));
  }

  private SchedulingPolicy scheduling(SchedulingPolicy a, SchedulingPolicy b) {
    List<TimeOfDay> times = a.timesOfDay();
    if (!b.timesOfDay().isEmpty()) {
      definedBy.put("scheduling.timeOfDay", from);
      if (!a.noParentTimesOfDay()) {
        TreeSet<TimeOfDay> union = new TreeSet<>(times);
        union.addAll(b.timesOfDay());
        times = List.copyOf(union);
      }
    }
    return new SchedulingPolicy(
        first("scheduling.intervalSeconds", a.intervalSeconds(), b.intervalSeconds()),
        times,
        a.noParentTimesOfDay() || b.noParentTimesOfDay(),
        first("scheduling.manual", a.manual(), b.manual()),
        first("scheduling.cron", a.cron(), b.cron()),
        first("scheduling.runMissed", a.runMissed(), b.runMissed()));
  }

  private CompressionPolicy compression(CompressionPolicy a, CompressionPolicy b) {
    return new CompressionPolicy(
        first("compression.compressorName", a.compressorName(), b.compressorName()),
        a.noParentOnlyCompress()
            ? a.onlyCompress()
            : union("compression.onlyCompress", a.onlyCompress(), b.onlyCompress()),
        a.noParentOnlyCompress() || b.noParentOnlyCompress(),
        a.noParentNeverCompress()
            ? a.neverCompress()
            : union("compression.neverCompress", a.neverCompress(), b.neverCompress()),
        a.noParentNeverCompress() || b.noParentNeverCompress(),
        first("compression.minSize", a.minSizeBytes(), b.minSizeBytes()),
        first("compression.maxSize", a.maxSizeBytes(), b.maxSizeBytes()));
  }

  private ActionsPolicy actions(ActionsPolicy a, ActionsPolicy b) {
    return new ActionsPolicy(
        null,
        null,
        first("actions.beforeSnapshotRoot", a.beforeSnapshotRoot(), b.beforeSnapshotRoot()),
        first("actions.afterSnapshotRoot", a.afterSnapshotRoot(), b.afterSnapshotRoot()));
  }

  private LoggingPolicy logging(LoggingPolicy a, LoggingPolicy b) {
    return new LoggingPolicy(
        first("logging.directories.snapshotted", a.dirSnapshotted(), b.dirSnapshotted()),
        first("logging.directories.ignored", a.dirIgnored(), b.dirIgnored()),
        first("logging.entries.snapshotted", a.entrySnapshotted(), b.entrySnapshotted()),
        first("logging.entries.ignored", a.entryIgnored(), b.entryIgnored()),
        first("logging.entries.cacheHit", a.entryCacheHit(), b.entryCacheHit()),
        first("logging.entries.cacheMiss", a.entryCacheMiss(), b.entryCacheMiss()));
  }

  private UploadPolicy upload(UploadPolicy a, UploadPolicy b) {
    return new UploadPolicy(
        first("upload.maxParallelSnapshots", a.maxParallelSnapshots(), b.maxParallelSnapshots()),
        first("upload.maxParallelFileReads", a.maxParallelFileReads(), b.maxParallelFileReads()),
        first(
            "upload.parallelUploadAboveSize",
            a.parallelUploadAboveSizeBytes(),
            b.parallelUploadAboveSizeBytes()));
  }

  private @Nullable Long first(String setting, @Nullable Long have, @Nullable Long offered) {
    return taken(setting, have == null && offered != null) ? offered : have;
  }

  private @Nullable Boolean first(
      String setting, @Nullable Boolean have, @Nullable Boolean offered) {
    return taken(setting, have == null && offered != null) ? offered : have;
  }

  private @Nullable ActionCommand first(
      String setting, @Nullable ActionCommand have, @Nullable ActionCommand offered) {
    return taken(setting, have == null && offered != null) ? offered : have;
  }

  private String first(String setting, String have, String offered) {
    return taken(setting, have.isEmpty() && !offered.isEmpty()) ? offered : have;
  }

  private List<String> first(String setting, List<String> have, List<String> offered) {
    return taken(setting, have.isEmpty() && !offered.isEmpty()) ? offered : have;
  }

  private long first(String setting, long have, long offered) {
    return taken(setting, have == 0 && offered != 0) ? offered : have;
  }

  private boolean first(String setting, boolean have, boolean offered) {
    return taken(setting, !have && offered) ? offered : have;
  }

  /// Notes the origin of a setting that is taken over.
  private boolean taken(String setting, boolean take) {
    if (take) {
      definedBy.put(setting, from);
    }
    return take;
  }

  private List<String> union(String setting, List<String> have, List<String> offered) {
    if (offered.isEmpty()) {
      return have;
    }
    definedBy.put(setting, from);
    TreeSet<String> union = new TreeSet<>(RawText::compare);
    union.addAll(have);
    union.addAll(offered);
    return List.copyOf(union);
  }
}
