package dev.longshore.engine.snapshot;

import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.snapshot.SnapshotStats;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.util.List;

/// Tells what a snapshot would hold, without reading files.
public final class Estimator {
  /// Files by size.
  ///
  /// @param minSizeBytes files of at least this size, and less than the bucket before
  /// @param examples the first of them: path and size in bytes
  public record Bucket(long minSizeBytes, long count, long totalBytes, List<Example> examples) {}

  /// A file.
  public record Example(String path, long bytes) {}

  /// What was found.
  ///
  /// @param stats included and excluded, as a snapshot would count
  /// @param included by descending size
  /// @param excluded by descending size
  /// @param excludedDirectories the first of them
  public record Estimate(
      SnapshotStats stats,
      List<Bucket> included,
      List<Bucket> excluded,
      List<String> excludedDirectories) {}

  /// @param maxExamples of each bucket
  public Estimator(ManifestReader manifests, UploadProgress progress, int maxExamples) {}

  /// Walks the source under its policies.
  ///
  /// @throws IOException if the root cannot be read
  public Estimate estimate(SourceTree tree, SourceInfo source, CancelToken cancel)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }
}
