package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.maintenance.AutoMaintenance;
import dev.longshore.cli.output.SizeText;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.maintenance.SnapshotLimits;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot expire`.
@Command(
    name = "expire",
    description =
        "Delete snapshots that the retention policy does not keep, or that are beyond a number or a"
            + " size. Without --delete it only says how many.")
final class ExpireCommand extends RepoCommand {
  @Option(names = "--all", negatable = true, description = "Of all sources.")
  boolean all;

  @Option(names = "--delete", negatable = true, description = "Really delete.")
  boolean delete;

  @Option(
      names = "--max-snapshots",
      paramLabel = "N",
      description =
          "Of the complete snapshots of each source that the policy keeps, keep the newest N, and"
              + " those with pins.")
  long maxSnapshots = Long.MAX_VALUE;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      description =
          "Keep the newest snapshots of each source as long as the contents of their files, each"
              + " counted once, take no more in the repository than SIZE, such as 20GB. The newest"
              + " stays in any case.")
  @Nullable String maxSize;

  @Parameters(arity = "0..*", paramLabel = "SOURCE", description = "Paths, or user@host:/path.")
  List<String> paths = List.of();

  ExpireCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (all != paths.isEmpty()) {
      throw usage("either --all or sources are needed");
    }
    SnapshotLimits limits = limits();
    try (Repository repository = cli.connection().open()) {
      List<SourceInfo> sources = new ArrayList<>();
      if (all) {
        sources.addAll(new SnapshotCatalog(repository.manifests()).sources());
      }
      for (String path : paths) {
        sources.add(Sources.parse(cli, repository.client(), path));
      }
      sources.sort(Comparator.comparing(SourceInfo::toString));
      repository.write(
          WriteOptions.forPurpose("snapshot expire"),
          writer -> {
            for (SourceInfo source : sources) {
              expire(writer, source, limits);
            }
            return sources;
          });
      AutoMaintenance.run(cli, repository);
    }
    return ExitCode.OK;
  }

  private SnapshotLimits limits() {
    long bytes =
        maxSize == null
            ? Long.MAX_VALUE
            : SizeText.parse(maxSize)
                .orElseThrow(() -> usage("--max-size: not a size such as 20GB: " + maxSize));
    if (maxSnapshots < 1 || bytes < 1) {
      throw usage("--max-snapshots and --max-size must be positive");
    }
    return new SnapshotLimits(maxSnapshots, bytes);
  }

  private void expire(RepositoryWriter writer, SourceInfo source, SnapshotLimits limits)
      throws RepositoryException {
    var editor = new SnapshotEditor(writer.manifests());
    Set<ManifestId> expired = new HashSet<>(editor.expire(source, cli.times().zone(), delete));
    if (!limits.equals(SnapshotLimits.NONE)) {
      List<SnapshotManifest> kept =
          new ArrayList<>(new SnapshotCatalog(writer.manifests()).of(source, Map.of()).snapshots());
      kept.removeIf(snapshot -> expired.contains(snapshot.id().orElseThrow()));
      List<ManifestId> beyond =
          limits.beyond(writer.repository(), kept).stream()
              .map(snapshot -> snapshot.id().orElseThrow())
              .toList();
      if (delete) {
        editor.delete(beyond);
      }
      expired.addAll(beyond);
    }
    int count = expired.size();
    if (count == 0) {
      cli.notice("Nothing to delete for " + source + ".");
    } else if (delete) {
      cli.notice("Deleted " + count + " snapshots of " + source + "...");
    } else {
      cli.notice(
          count + " snapshot(s) of " + source + " would be deleted. Pass --delete to do it.");
    }
  }
}
