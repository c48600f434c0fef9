package dev.longshore.engine.snapshot;

import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.source.SourceTree;
import java.io.IOException;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/// Makes snapshots: finds what there was before, uploads, saves the manifest, applies retention,
/// flushes.
public final class SnapshotCreator {
  /// @param writer the session; it is flushed after each snapshot and at checkpoints
  /// @param zone of the retention policy's weeks and days, as Kopia's process would have it
  /// @param random picks unchanged files to read again
  public SnapshotCreator(
      RepositoryWriter writer,
      UploadOptions options,
      UploadProgress progress,
      ZoneId zone,
      RandomGenerator random) {}

  /// Makes one snapshot.
  ///
  /// Errors of single entries are in the root's summary; a cancelled or limited upload is saved as
  /// incomplete.
  ///
  /// @throws IOException if the root itself cannot be read
  /// @throws dev.longshore.engine.error.RepositoryException if the repository fails
  public SnapshotResult create(SourceTree source, SnapshotRequest request, CancelToken cancel)
      throws IOException {
    throw new UnsupportedOperationException("not yet");
  }
}
