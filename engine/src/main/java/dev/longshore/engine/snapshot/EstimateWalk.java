package dev.longshore.engine.snapshot;

import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFault;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceOther;
import dev.longshore.engine.source.SourceStream;
import dev.longshore.engine.source.SourceSymlink;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.snapshot.SnapshotStats;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Walks a source as an upload would, without reading files. One thread.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/estimate.go`, but a directory that cannot be read does
/// not end it.
final class EstimateWalk {
  private static final long LARGEST = 1_000_000_000_000_000L;
  private static final long SMALLEST = 1000;

  private final UploadProgress progress;
  private final int maxExamples;
  private final CancelToken stop;
  private final List<OpenBucket> included = buckets();
  private final List<OpenBucket> excluded = buckets();
  private final List<String> excludedDirectories = new ArrayList<>();
  private final UploadCounters counters = new UploadCounters();

  EstimateWalk(UploadProgress progress, int maxExamples, CancelToken stop) {
    this.progress = progress;
    this.maxExamples = maxExamples;
    this.stop = stop;
  }

  /// Walks, for its totals only, which the listener hears; an unreadable root is no matter.
  void totals(SourceDirectory root, Place place) {
    try {
      walk(root, place, new Quiet(progress));
    } catch (UnreadableDirectory e) {
      // The upload will say so.
    }
  }

  /// Walks.
  ///
  /// @throws UnreadableDirectory if the root cannot be read
  Estimator.Estimate estimate(SourceDirectory root, Place place) throws UnreadableDirectory {
    walk(root, place, progress);
    SnapshotStats stats = counters.stats();
    return new Estimator.Estimate(stats, close(included), close(excluded), excludedDirectories);
  }

  private void walk(SourceDirectory directory, Place place, UploadProgress listener)
      throws UnreadableDirectory {
    counters.directories.incrementAndGet();
    listener.directory(place.path());
    if (place.depth() > SnapshotTree.MAX_DEPTH) {
      throw new UnreadableDirectory(
          "nested more than " + SnapshotTree.MAX_DEPTH + " directories deep");
    }
    try (SourceListing listing = directory.open()) {
      IgnoreFilter filter =
          IgnoreFilter.of(
              directory,
              listing,
              place,
              (path, isDir, bytes) -> exclude(path, isDir, bytes, listener));
      SourceEntry entry = filter.isCacheDirectory() ? null : listing.next();
      while (entry != null && !stop.isCancelled()) {
        // What a placeholder stands for is in the repository already.
        if (!Placeholder.isOne(entry) && filter.includes(entry)) {
          visit(entry, place, filter, listener);
        }
        entry = listing.next();
      }
    } catch (UnreadableDirectory e) {
      throw e;
    } catch (IOException e) {
      throw new UnreadableDirectory(e.getMessage(), e);
    }
    listener.estimated(counters.files.get(), counters.totalSize.sum());
  }

  private void visit(SourceEntry entry, Place place, IgnoreFilter filter, UploadProgress listener) {
    switch (entry) {
      case SourceDirectory child -> {
        Place below = place.child(child.name(), filter.rules(), List.of());
        ErrorHandlingPolicy errors = below.policies().policy().errorHandling();
        try {
          walk(child, below, listener);
        } catch (UnreadableDirectory e) {
          error(below.path(), e, Boolean.TRUE.equals(errors.ignoreDirectoryErrors()), listener);
        }
      }
      case SourceFile file -> {
        long size = file.status().sizeBytes();
        counters.files.incrementAndGet();
        counters.totalSize.add(size);
        add(included, place.pathOf(file.name()), size);
      }
      case SourceStream _, SourceSymlink _, SourceOther _, SourceFault _ -> {}
    }
  }

  private void error(String path, IOException e, boolean isIgnored, UploadProgress listener) {
    (isIgnored ? counters.ignoredErrors : counters.errors).incrementAndGet();
    listener.error(path, String.valueOf(e.getMessage()), isIgnored);
  }

  private void exclude(String path, boolean isDirectory, long bytes, UploadProgress listener) {
    counters.exclude(isDirectory, bytes);
    listener.excluded(path, isDirectory, bytes);
    if (!isDirectory) {
      add(excluded, path, bytes);
    } else if (excludedDirectories.size() < maxExamples) {
      excludedDirectories.add(path);
    }
  }

  private void add(List<OpenBucket> buckets, String path, long bytes) {
    for (OpenBucket bucket : buckets) {
      if (bytes >= bucket.minSize) {
        bucket.count++;
        bucket.total += bytes;
        if (bucket.examples.size() < maxExamples) {
          bucket.examples.add(new Estimator.Example(path, bytes));
        }
        return;
      }
    }
  }

  /// A bucket being filled.
  private static final class OpenBucket {
    private final long minSize;
    private final List<Estimator.Example> examples = new ArrayList<>();
    private long count;
    private long total;

    OpenBucket(long minSize) {
      this.minSize = minSize;
    }
  }

  private static List<OpenBucket> buckets() {
    List<OpenBucket> buckets = new ArrayList<>();
    for (long size = LARGEST; size >= SMALLEST; size /= 10) {
      buckets.add(new OpenBucket(size));
    }
    buckets.add(new OpenBucket(0));
    return buckets;
  }

  private static List<Estimator.Bucket> close(List<OpenBucket> buckets) {
    return buckets.stream()
        .map(b -> new Estimator.Bucket(b.minSize, b.count, b.total, List.copyOf(b.examples)))
        .toList();
  }

  /// Passes the totals on, and nothing else: the upload itself tells the rest.
  private record Quiet(UploadProgress target) implements UploadProgress {
    @Override
    public void estimated(long files, long bytes) {
      target.estimated(files, bytes);
    }
  }
}
