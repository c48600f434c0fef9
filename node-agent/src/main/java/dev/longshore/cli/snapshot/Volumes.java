package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.engine.block.restore.BlockVolume;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.Map;

/// Volumes as users name them.
final class Volumes {
  private Volumes() {}

  /// The volume of a snapshot: by an id, with or without a path in it, or by a source, whose newest
  /// snapshot is taken.
  ///
  /// @param atNanos the newest that started no later
  /// @throws NotFoundException if there is none
  static BlockVolume find(Cli cli, Repository repository, String source, long atNanos)
      throws RepositoryException {
    if (ObjectId.parse(source.split("/", 2)[0]).isPresent()) {
      return BlockVolume.find(repository, source);
    }
    SourceInfo path = Sources.parse(cli, repository.client(), source);
    SnapshotManifest newest =
        new SnapshotCatalog(repository.manifests())
            .of(path, Map.of()).snapshots().reversed().stream()
                .filter(snapshot -> snapshot.isComplete() && snapshot.startNanos() <= atNanos)
                .findFirst()
                .orElseThrow(() ->
                    new NotFoundException(
                        "no snapshot of " + path + " (see `repo snapshot list --all`)"));
    return BlockVolume.of(repository.objects(), newest);
  }
}
