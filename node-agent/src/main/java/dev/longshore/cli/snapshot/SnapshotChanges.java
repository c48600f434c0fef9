package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.maintenance.AutoMaintenance;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot delete` and `pin`.
final class SnapshotChanges {
  private SnapshotChanges() {}

  /// The snapshot with this manifest id, or those with this root object.
  static List<SnapshotManifest> find(SnapshotCatalog catalog, String id)
      throws RepositoryException {
    Optional<SnapshotManifest> byId = byManifest(catalog, id);
    if (byId.isPresent()) {
      return List.of(byId.get());
    }
    Optional<ObjectId> root = ObjectId.parse(id);
    List<SnapshotManifest> byRoot = root.isPresent() ? catalog.byRoot(root.get()) : List.of();
    if (byRoot.isEmpty()) {
      throw new NotFoundException(
          "no snapshot has the id or the root object "
              + id
              + " (see `repo snapshot list -m --all`)");
    }
    return byRoot;
  }

  private static Optional<SnapshotManifest> byManifest(SnapshotCatalog catalog, String id)
      throws RepositoryException {
    try {
      return catalog.load(new ManifestId(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String name(Cli cli, SnapshotManifest snapshot) {
    return "snapshot %s of %s at %s"
        .formatted(
            snapshot.id().map(ManifestId::value).orElse("-"),
            snapshot.source(),
            cli.times().seconds(Instant.ofEpochSecond(0, snapshot.startNanos())));
  }

  /// `snapshot delete`.
  @Command(
      name = "delete",
      aliases = {"remove", "rm"},
      description = "Delete snapshots. Without --delete it only says what it would delete.")
  static final class Delete extends RepoCommand {
    @Option(
        names = "--all-snapshots-for-source",
        negatable = true,
        description = "The arguments are sources: delete all their snapshots.")
    boolean bySource;

    @Option(names = "--delete", negatable = true, description = "Really delete.")
    boolean delete;

    // Its name in old versions of Kopia.
    @Option(names = "--unsafe-ignore-source", hidden = true)
    boolean unsafeIgnoreSource;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Snapshot ids or root object ids.")
    List<String> ids = List.of();

    Delete(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<SnapshotManifest> chosen = new ArrayList<>();
        var catalog = new SnapshotCatalog(repository.manifests());
        for (String id : ids) {
          chosen.addAll(bySource ? ofSource(repository, catalog, id) : find(catalog, id));
        }
        for (SnapshotManifest snapshot : chosen) {
          cli.notice(
              delete || unsafeIgnoreSource
                  ? "Deleting " + name(cli, snapshot) + "..."
                  : "Would delete " + name(cli, snapshot) + " (pass --delete to confirm)");
        }
        if (delete || unsafeIgnoreSource) {
          List<ManifestId> manifests =
              chosen.stream().flatMap(snapshot -> snapshot.id().stream()).toList();
          repository.write(
              WriteOptions.forPurpose("snapshot delete"),
              writer -> {
                new SnapshotEditor(writer.manifests()).delete(manifests);
                return manifests;
              });
          AutoMaintenance.run(cli, repository);
        }
      }
      return ExitCode.OK;
    }

    private List<SnapshotManifest> ofSource(
        Repository repository, SnapshotCatalog catalog, String text) throws RepositoryException {
      SourceInfo source = Sources.parse(cli, repository.client(), text);
      List<SnapshotManifest> found = catalog.of(source, java.util.Map.of()).snapshots();
      if (found.isEmpty()) {
        throw new NotFoundException("no snapshots of source " + source);
      }
      return found;
    }
  }

  /// `snapshot pin`.
  @Command(name = "pin", description = "Keep snapshots from expiring, or let them.")
  static final class Pin extends RepoCommand {
    @Option(names = "--add", paramLabel = "NAME", description = "Add a pin.")
    List<String> add = List.of();

    @Option(names = "--remove", paramLabel = "NAME", description = "Remove a pin.")
    List<String> remove = List.of();

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Snapshot ids or root object ids.")
    List<String> ids = List.of();

    Pin(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (add.isEmpty() && remove.isEmpty()) {
        throw usage("--add or --remove is needed");
      }
      try (Repository repository = cli.connection().open()) {
        repository.write(
            WriteOptions.forPurpose("snapshot pin"),
            writer -> {
              pin(writer);
              return ids;
            });
      }
      return ExitCode.OK;
    }

    private void pin(RepositoryWriter writer) throws RepositoryException {
      var catalog = new SnapshotCatalog(writer.manifests());
      var editor = new SnapshotEditor(writer.manifests());
      for (String id : ids) {
        for (SnapshotManifest snapshot : find(catalog, id)) {
          var pins = new TreeSet<>(snapshot.pins());
          pins.addAll(add);
          remove.forEach(pins::remove);
          List<String> changed = List.copyOf(pins);
          if (changed.equals(snapshot.pins())) {
            cli.notice("No change for " + name(cli, snapshot));
          } else {
            cli.notice("Updating " + name(cli, snapshot));
            editor.update(snapshot.withPins(changed));
          }
        }
      }
    }
  }
}
