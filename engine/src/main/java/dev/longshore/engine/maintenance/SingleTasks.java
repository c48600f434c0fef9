package dev.longshore.engine.maintenance;

import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.IndexUpkeep;
import dev.longshore.engine.content.V0Upkeep;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.maintenance.TaskStats;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Tasks of maintenance by themselves, for experts: without the schedule, the owner and the
/// history, so that whoever runs them sees to it that nothing else runs beside them that should
/// not.
public final class SingleTasks {
  private final Repository repository;
  private final RandomGenerator random;
  private final MaintenanceListener listener;

  /// @param random need not be secure
  public SingleTasks(Repository repository, RandomGenerator random, MaintenanceListener listener) {
    this.repository = repository;
    this.random = random;
    this.listener = listener;
  }

  /// Deletes packs and session markers that nothing names.
  ///
  /// @param prefix of the names of packs to look at; empty for all
  /// @param parallel deletions at once
  public TaskStats.DeletedPacks deletePacks(
      String prefix, MaintenanceSafety safety, int parallel, boolean dryRun)
      throws RepositoryException {
    requireWritable(dryRun);
    List<String> prefixes = prefix.isEmpty() ? PackGc.Options.ALL : List.of(prefix);
    PackGc.Options options =
        new PackGc.Options(prefixes, repository.clock().instant(), safety, parallel, dryRun);
    return PackGc.run(repository, options, random, listener);
  }

  /// Writes contents of short packs anew.
  ///
  /// @param prefix of the names of packs to look at; empty for all
  /// @param parallel packs read at once
  public TaskStats.RewrittenContents rewriteShortPacks(
      String prefix, MaintenanceSafety safety, int parallel, boolean dryRun)
      throws RepositoryException {
    requireWritable(dryRun);
    ContentRewrite.Options options =
        ContentRewrite.Options.of(prefix, safety.rewriteMinAge(), parallel, dryRun);
    return ContentRewrite.run(repository, options, random, listener, () -> {});
  }

  /// Writes some contents anew.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if one is not in the index
  public void rewrite(List<ContentId> ids) throws RepositoryException {
    requireWritable(false);
    try (ContentSession session = repository.contents().openSession(ContentWriteOptions.DEFAULT)) {
      for (ContentId id : ids) {
        session.rewrite(id);
      }
      session.flush();
    }
  }

  /// Merges V0 index blobs, or moves the watermark of a repository with epochs.
  ///
  /// @param maxSmallBlobs fewer small blobs than this are left alone
  /// @param all take every blob, whatever its size
  /// @param dropBefore tombstones before this time are left out; empty to keep all
  /// @return the blobs that were merged
  public List<BlobMetadata> compactIndex(
      int maxSmallBlobs, boolean all, Optional<Instant> dropBefore, MaintenanceSafety safety)
      throws RepositoryException {
    requireWritable(false);
    IndexUpkeep upkeep = repository.contents().upkeep();
    List<BlobMetadata> merged = List.of();
    if (upkeep.v0().isPresent()) {
      V0Upkeep.Options options =
          new V0Upkeep.Options(
              maxSmallBlobs, all, dropBefore.orElse(null), safety.listLag(), false);
      merged = upkeep.v0().get().compact(options);
    } else if (dropBefore.isPresent()) {
      upkeep.epochs().orElseThrow().dropDeleted(dropBefore.get());
    }
    repository.refresh();
    return merged;
  }

  private void requireWritable(boolean dryRun) throws UnsupportedException {
    if (!dryRun && repository.client().readOnly()) {
      throw new UnsupportedException("the connection is read-only");
    }
  }
}
