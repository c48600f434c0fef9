package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.policy.PolicyTree;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.snapshot.SnapshotStats;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// Tells what a snapshot would hold, without reading files.
public final class Estimator {
  private final ManifestReader manifests;
  private final UploadProgress progress;
  private final int maxExamples;

  /// Files by size.
  ///
  /// @param minSizeBytes files of at least this size, and less than the bucket before
  /// @param examples the first of them
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
      List<String> excludedDirectories) {
    public Estimate {
      included = List.copyOf(included);
      excluded = List.copyOf(excluded);
      excludedDirectories = List.copyOf(excludedDirectories);
    }
  }

  /// @param manifests with the policies
  /// @param progress hears totals, directories, errors and what is excluded
  /// @param maxExamples of each bucket
  public Estimator(ManifestReader manifests, UploadProgress progress, int maxExamples) {
    this.manifests = manifests;
    this.progress = progress;
    this.maxExamples = maxExamples;
  }

  /// Walks the source under its policies; cancelled, it tells what it has seen.
  ///
  /// @throws IOException if the root cannot be read or is no directory
  public Estimate estimate(SourceTree tree, SourceInfo source, CancelToken cancel)
      throws IOException {
    if (!(tree.root() instanceof SourceDirectory root)) {
      throw new UnsupportedException("can only estimate a directory: " + tree.root().name());
    }
    PolicyTree policies = new Policies(manifests).tree(source);
    EstimateWalk walk = new EstimateWalk(progress, maxExamples, cancel);
    AtomicReference<Estimate> result = new AtomicReference<>();
    try (WorkShare share = new WorkShare(0)) {
      share.runRoot(() -> result.set(walk.estimate(root, Place.root(policies, List.of()))));
    }
    return result.get();
  }
}
