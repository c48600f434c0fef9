package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.maintenance.AutoMaintenance;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.EntryRewrite;
import dev.longshore.engine.snapshot.InvalidEntries;
import dev.longshore.engine.snapshot.InvalidEntries.Handling;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.TreeRewriter;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `snapshot fix …`: makes snapshots anew without what cannot be read, or should not be there.
abstract class FixCommand extends RepoCommand {
  @Option(names = "--manifest-id", paramLabel = "ID", description = "Only these snapshots.")
  List<String> manifestIds = List.of();

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description = "Only snapshots of these sources (user@host:/path).")
  List<String> sources = List.of();

  @Option(
      names = "--commit",
      negatable = true,
      description = "Replace the snapshots; without it the command only says what it would do.")
  boolean commit;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "Files and directories at once (default: the number of processors).")
  int parallel;

  @Option(
      names = "--invalid-directory-handling",
      paramLabel = "HOW",
      description = "Directories that cannot be read: stub (default), keep or fail.")
  String directoryHandling = "stub";

  FixCommand(Cli cli) {
    super(cli);
  }

  /// `snapshot fix`.
  @Command(name = "fix", description = "Make snapshots consistent again.")
  static final class Group extends CommandGroup {}

  /// What becomes of entries that are no unreadable directories.
  interface FileRule {
    @Nullable DirEntry apply(String path, DirEntry entry) throws RepositoryException;
  }

  /// The rule of the command.
  ///
  /// @param invalid what is put in the place of what cannot be read
  abstract FileRule rule(Repository repository, InvalidEntries invalid) throws RepositoryException;

  @Override
  protected final ExitCode run() throws IOException {
    Handling directories = handling("--invalid-directory-handling", directoryHandling, "remove");
    if (parallel < 0) {
      throw usage("--parallel is 1 or more");
    }
    check();
    try (Repository repository = cli.connection().openPastCache()) {
      try (RepositoryWriter writer =
          repository.openWriter(WriteOptions.forPurpose("snapshot fix"))) {
        var invalid = new InvalidEntries(writer);
        FileRule files = rule(repository, invalid);
        EntryRewrite both =
            new EntryRewrite() {
              @Override
              public @Nullable DirEntry rewrite(String path, DirEntry entry)
                  throws RepositoryException {
                return files.apply(path, entry);
              }

              @Override
              public @Nullable DirEntry unreadable(
                  String path, DirEntry directory, RepositoryException fault)
                  throws RepositoryException {
                cli.notice(
                    "invalid directory %s: %s"
                        .formatted(RawText.display(path), fault.getMessage()));
                return invalid.replace(directory, fault, directories);
              }
            };
        int threads = parallel > 0 ? parallel : Runtime.getRuntime().availableProcessors();
        int fixed;
        try (var rewriter = new TreeRewriter(writer, both, threads)) {
          fixed = fix(writer, rewriter);
        }
        if (commit && fixed > 0) {
          writer.flush();
        }
        cli.notice(summary(fixed));
      }
      if (commit) {
        AutoMaintenance.run(cli, repository);
      }
    }
    return ExitCode.OK;
  }

  /// Fails if the options make no sense.
  void check() {}

  private String summary(int fixed) {
    if (fixed == 0) {
      return "No changes.";
    }
    return commit
        ? "Fixed and committed %d snapshots.".formatted(fixed)
        : ("Fixed %d snapshots, but snapshot manifests were not updated. Pass --commit to update"
                + " snapshots.")
            .formatted(fixed);
  }

  private int fix(RepositoryWriter writer, TreeRewriter rewriter) throws RepositoryException {
    Map<String, List<SnapshotManifest>> bySource = new TreeMap<>();
    for (SnapshotManifest snapshot : chosen(writer)) {
      bySource.computeIfAbsent(snapshot.source().toString(), _ -> new ArrayList<>()).add(snapshot);
    }
    var editor = new SnapshotEditor(writer.manifests());
    int fixed = 0;
    for (Map.Entry<String, List<SnapshotManifest>> source : bySource.entrySet()) {
      cli.notice("Processing snapshot " + source.getKey());
      for (SnapshotManifest snapshot : source.getValue()) {
        SnapshotManifest changed = rewriter.rewrite(snapshot);
        String time = cli.times().seconds(Instant.ofEpochSecond(0, snapshot.startNanos()));
        if (changed.equals(snapshot)) {
          cli.notice("  %s unchanged (%s)".formatted(time, id(snapshot)));
          continue;
        }
        SnapshotManifest saved = commit ? editor.update(changed) : changed;
        cli.notice("  %s replaced manifest from %s to %s".formatted(time, id(snapshot), id(saved)));
        cli.notice("    diff %s %s".formatted(root(snapshot), root(saved)));
        long delta = size(saved) - size(snapshot);
        if (delta != 0) {
          cli.notice("    delta:" + (delta < 0 ? "-" : "+") + cli.sizes().bytes(Math.abs(delta)));
        }
        fixed++;
      }
    }
    return fixed;
  }

  private List<SnapshotManifest> chosen(RepositoryWriter writer) throws RepositoryException {
    var catalog = new SnapshotCatalog(writer.manifests());
    List<SnapshotManifest> chosen = new ArrayList<>();
    for (String id : manifestIds) {
      if (!ManifestId.isValid(id)) {
        throw usage("--manifest-id: not the id of a manifest: " + id);
      }
      chosen.add(
          catalog
              .load(new ManifestId(id))
              .orElseThrow(() -> new NotFoundException("there is no snapshot " + id)));
    }
    for (String text : sources) {
      cli.notice("Listing snapshots for source \"" + text + "\"...");
      SourceInfo source = Sources.parse(cli, writer.repository().client(), text);
      List<SnapshotManifest> found = catalog.of(source, Map.of()).snapshots();
      if (found.isEmpty()) {
        throw new NotFoundException("no snapshots for " + text);
      }
      chosen.addAll(found);
    }
    if (chosen.isEmpty()) {
      cli.notice("Listing all snapshots...");
      SnapshotCatalog.Listing all = catalog.all();
      all.unreadable()
          .forEach(id -> cli.notice("repo: warning: snapshot manifest " + id + " is damaged"));
      chosen.addAll(all.snapshots());
    }
    chosen.removeIf(snapshot -> snapshot.root().isEmpty());
    return chosen.stream().distinct().toList();
  }

  private static String id(SnapshotManifest snapshot) {
    return snapshot.id().map(ManifestId::value).orElse("");
  }

  private static String root(SnapshotManifest snapshot) {
    return snapshot.root().map(root -> root.objectId().toString()).orElse("");
  }

  private static long size(SnapshotManifest snapshot) {
    return snapshot.root().flatMap(DirEntry::summary).map(DirSummary::size).orElse(0L);
  }

  /// @param unfit a word that does not apply here
  static Handling handling(String option, String text, String unfit) {
    try {
      if (!text.equals(unfit)) {
        return Handling.valueOf(text.toUpperCase(Locale.ROOT));
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw new CommandFailure(ExitCode.USAGE, option + ": not a way to handle entries: " + text);
  }
}
