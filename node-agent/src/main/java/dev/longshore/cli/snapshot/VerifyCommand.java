package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.health.AftermathFlags;
import dev.longshore.cli.health.PassFlags;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.PackWindow;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.ContentRepair;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repair.VerifyPass;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.verify.SnapshotVerifier;
import dev.longshore.engine.verify.VerifyListener;
import dev.longshore.engine.verify.VerifyOptions;
import dev.longshore.engine.verify.VerifyResult;
import dev.longshore.engine.verify.VerifyStats;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot verify`.
@Command(
    name = "verify",
    description =
        "Verify that snapshots can be restored: everything reachable is indexed and its pack"
            + " is there; with --verify-files-percent, files are read as well.")
final class VerifyCommand extends RepoCommand {
  @Option(
      names = "--verify-files-percent",
      paramLabel = "PERCENT",
      description = "Read this share of the files in full (default: 0).")
  double filesPercent;

  @Option(
      names = "--rehash",
      description =
          "Of the files read, also compute the hashes anew; that the bytes are those that were"
              + " stored is proved without.")
  boolean rehash;

  @Option(
      names = "--max-errors",
      paramLabel = "N",
      description = "Stop after so many errors; 0 for never (default).")
  int maxErrors;

  @Option(names = "--parallel", paramLabel = "N", description = "Threads (default: 8).")
  int parallel = 8;

  @Option(
      names = "--sources",
      paramLabel = "SOURCE",
      description = "Only snapshots of these sources.")
  List<String> sources = List.of();

  @Option(names = "--all-sources", negatable = true, hidden = true)
  boolean allSources;

  @Option(names = "--directory-id", paramLabel = "ID", description = "Directory objects to verify.")
  List<String> directoryIds = List.of();

  @Option(names = "--file-id", paramLabel = "ID", description = "File objects to verify.")
  List<String> fileIds = List.of();

  @Option(
      names = {"--file-queue-length", "--file-parallelism"},
      hidden = true)
  List<Integer> ignored = List.of();

  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  @Mixin final PassFlags pass = new PassFlags();
  @Mixin final AftermathFlags aftermath = new AftermathFlags();

  @Parameters(arity = "0..*", paramLabel = "ID", description = "Snapshots to verify; else all.")
  List<String> ids = List.of();

  VerifyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!(filesPercent >= 0 && filesPercent <= 100) || parallel < 1) {
      throw usage("--verify-files-percent is 0 to 100, --parallel 1 or more");
    }
    if (pass.inPieces() && filesPercent > 0) {
      throw usage("--max-bytes and --resume read all files: no --verify-files-percent");
    }
    try (Repository repository = cli.connection().openPastCache()) {
      var notes = new DamageNotes();
      VerifyResult result = verify(repository, notes, pass.inPieces());
      Optional<ContentRepair.Result> repaired = aftermath.repair(cli, repository, notes);
      aftermath.note(cli, repository, notes, false);
      if (repaired.isPresent() && repaired.get().restored() > 0) {
        result = verify(repository, new DamageNotes(), false);
      }
      if (json) {
        cli.out().println(json(result));
      }
      long lost = repaired.map(ContentRepair.Result::lost).orElse(0L);
      if (result.errorCount() == 0 && lost == 0) {
        return result.complete() ? ExitCode.OK : ExitCode.FAILED;
      }
      cli.notice(
          "repo: encountered "
              + Math.max(result.errorCount(), lost)
              + " error(s); the entries named above are"
              + " damaged or missing");
      return ExitCode.DAMAGED;
    }
  }

  private VerifyResult verify(Repository repository, DamageNotes notes, boolean inPieces)
      throws RepositoryException {
    List<SnapshotVerifier.Root> roots = roots(repository);
    PassFlags.Run run =
        inPieces ? pass.begin(cli, repository, VerifyPass.Kind.SNAPSHOTS, ContentRange.ALL) : null;
    try (ProgressLine progress = cli.progressLine()) {
      var options =
          new VerifyOptions(
              run == null ? filesPercent : 100,
              // The engine's 0 is Kopia's: to end at the first error. Whoever verifies wants to
              // know all.
              maxErrors == 0 ? -1 : maxErrors,
              parallel,
              VerifyOptions.DEFAULTS.budgetBytes(),
              rehash ? ContentCheck.HASHED : ContentCheck.AUTHENTIC,
              run == null ? PackWindow.ALL : run.window());
      var verifier = new SnapshotVerifier(repository, options, cli.terminal().random());
      VerifyResult result = verifier.verify(roots, listener(progress, repository, notes));
      if (!json) {
        progress.message(summary(result.stats(), "Finished processing"));
      }
      if (run != null && result.complete()) {
        run.end(result.errorCount());
      }
      return result;
    }
  }

  private List<SnapshotVerifier.Root> roots(Repository repository) throws RepositoryException {
    var catalog = new SnapshotCatalog(repository.manifests());
    var tree = SnapshotTree.of(repository);
    List<SnapshotManifest> snapshots = new ArrayList<>();
    for (String id : ids) {
      snapshots.addAll(SnapshotChanges.find(catalog, id));
    }
    for (String source : sources) {
      snapshots.addAll(
          catalog.of(Sources.parse(cli, repository.client(), source), Map.of()).snapshots());
    }
    boolean everything =
        ids.isEmpty() && sources.isEmpty() && directoryIds.isEmpty() && fileIds.isEmpty();
    if (everything) {
      SnapshotCatalog.Listing listing = catalog.all();
      snapshots.addAll(listing.snapshots());
      listing
          .unreadable()
          .forEach(id -> cli.notice("repo: warning: snapshot manifest " + id + " is damaged"));
    }
    List<SnapshotVerifier.Root> roots = new ArrayList<>();
    for (SnapshotManifest snapshot : snapshots) {
      if (snapshot.root().isPresent()) {
        String time = cli.times().seconds(Instant.ofEpochSecond(0, snapshot.startNanos()));
        roots.add(
            new SnapshotVerifier.Root(snapshot.source() + "@" + time, SnapshotTree.root(snapshot)));
      }
    }
    for (String id : directoryIds) {
      roots.add(new SnapshotVerifier.Root(id, tree.resolve(id, false)));
    }
    for (String id : fileIds) {
      roots.add(new SnapshotVerifier.Root(id, tree.resolve(id, false)));
    }
    return roots;
  }

  private VerifyListener listener(ProgressLine progress, Repository repository, DamageNotes notes) {
    return new VerifyListener() {
      @Override
      public void damaged(ContentId id, RepositoryException fault) {
        notes.note(repository.contents(), id);
      }

      @Override
      public void mended(ContentId id) {
        notes.noteMended(id);
      }

      @Override
      public void blobsListed(long count) {
        progress.message("Listed " + count + " blobs.");
      }

      @Override
      public void progress(Supplier<VerifyStats> stats) {
        progress.update(() -> summary(stats.get(), "Processed"));
      }

      @Override
      public void error(VerifyResult.Fault error) {
        progress.message("! " + error);
      }
    };
  }

  private String summary(VerifyStats stats, String verb) {
    return "%s %d objects (%s). Read %d files (%s)."
        .formatted(
            verb,
            stats.processedObjects(),
            cli.sizes().bytes(stats.processedBytes()),
            stats.readFiles(),
            cli.sizes().bytes(stats.readBytes()));
  }

  private static String json(VerifyResult result) {
    var json = new GoJsonWriter();
    result.writeTo(json);
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
