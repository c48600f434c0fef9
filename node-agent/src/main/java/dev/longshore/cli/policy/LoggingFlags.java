package dev.longshore.cli.policy;

import dev.longshore.format.policy.LoggingPolicy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much Kopia logs; kept for it.
final class LoggingFlags {
  @Option(
      names = "--log-dir-snapshotted",
      paramLabel = "N",
      description = "Log detail of directories, 0 to 10.")
  @Nullable String dirSnapshotted;

  @Option(
      names = "--log-dir-ignored",
      paramLabel = "N",
      description = "Log detail of ignored directories.")
  @Nullable String dirIgnored;

  @Option(
      names = "--log-entry-snapshotted",
      paramLabel = "N",
      description = "Log detail of entries.")
  @Nullable String entrySnapshotted;

  @Option(
      names = "--log-entry-ignored",
      paramLabel = "N",
      description = "Log detail of ignored entries.")
  @Nullable String entryIgnored;

  @Option(
      names = "--log-entry-cache-hit",
      paramLabel = "N",
      description = "Log detail of unchanged entries.")
  @Nullable String cacheHit;

  @Option(
      names = "--log-entry-cache-miss",
      paramLabel = "N",
      description = "Log detail of changed entries.")
  @Nullable String cacheMiss;

  LoggingPolicy apply(LoggingPolicy old, Edits edits) {
    return new LoggingPolicy(
        edits.number("log detail of directories", old.dirSnapshotted(), dirSnapshotted),
        edits.number("log detail of ignored directories", old.dirIgnored(), dirIgnored),
        edits.number("log detail of entries", old.entrySnapshotted(), entrySnapshotted),
        edits.number("log detail of ignored entries", old.entryIgnored(), entryIgnored),
        edits.number("log detail of cache hits", old.entryCacheHit(), cacheHit),
        edits.number("log detail of cache misses", old.entryCacheMiss(), cacheMiss));
  }
}
