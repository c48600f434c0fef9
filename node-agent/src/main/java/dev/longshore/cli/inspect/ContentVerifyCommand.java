package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.health.AftermathFlags;
import dev.longshore.cli.health.PassFlags;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.content.PackWindow;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repair.ContentRepair;
import dev.longshore.engine.repair.DamageNotes;
import dev.longshore.engine.repair.VerifyPass;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `content verify`: every content is in a pack that is there and long enough; with `--full`, every
/// content is read and its hash checked.
@Command(name = "verify", description = "Verify that contents are backed by packs, and readable.")
final class ContentVerifyCommand extends RepoCommand {
  @Option(names = "--parallel", paramLabel = "N", description = "Packs at once (default: 16).")
  int parallel = 16;

  @Option(names = "--progress-interval", hidden = true)
  @Nullable String progressInterval;

  @Option(names = "--full", negatable = true, description = "Read every content.")
  boolean full;

  @Option(names = "--include-deleted", negatable = true, description = "Deleted contents too.")
  boolean includeDeleted;

  @Option(
      names = "--download-percent",
      paramLabel = "PERCENT",
      description = "Read this share of the contents.")
  double downloadPercent;

  @Mixin final ContentFlags contents = new ContentFlags();
  @Mixin final PassFlags pass = new PassFlags();
  @Mixin final AftermathFlags aftermath = new AftermathFlags();

  ContentVerifyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!(downloadPercent >= 0 && downloadPercent <= 100) || parallel < 1) {
      throw usage("--download-percent is 0 to 100, --parallel 1 or more");
    }
    if (pass.inPieces() && (!contents.all() || downloadPercent > 0)) {
      throw usage("--max-bytes and --resume read all contents: no --prefix, no --download-percent");
    }
    try (Repository repository = cli.connection().openPastCache()) {
      var notes = new DamageNotes();
      ContentVerifier.Report report = verify(repository, notes);
      Optional<ContentRepair.Result> repaired = aftermath.repair(cli, repository, notes);
      boolean everything = full && contents.all() && !pass.inPieces();
      aftermath.note(cli, repository, notes, everything);
      long errors =
          report.totalErrorCount() - repaired.map(ContentRepair.Result::restored).orElse(0L);
      if (errors <= 0) {
        return ExitCode.OK;
      }
      cli.notice("repo: encountered " + errors + " errors");
      return ExitCode.DAMAGED;
    }
  }

  private ContentVerifier.Report verify(Repository repository, DamageNotes notes)
      throws RepositoryException {
    ContentRange range = contents.range(includeDeleted);
    PassFlags.Run run =
        pass.inPieces() ? pass.begin(cli, repository, VerifyPass.Kind.CONTENTS, range) : null;
    try (ProgressLine progress = cli.progressLine()) {
      var options =
          new ContentVerifier.Options(
              range,
              contents::includes,
              full || run != null ? 100 : downloadPercent,
              parallel,
              run == null ? PackWindow.ALL : run.window());
      ContentVerifier.Report report =
          ContentVerifier.verify(
              repository.contents(), options, cli.terminal().random(), listener(progress, notes));
      progress.message("verifyCounters: " + json(report));
      if (run != null) {
        run.end(report.totalErrorCount());
      }
      return report;
    }
  }

  private static ContentVerifier.Listener listener(ProgressLine progress, DamageNotes notes) {
    return new ContentVerifier.Listener() {
      @Override
      public void mended(IndexEntry entry) {
        notes.noteMended(entry.contentId());
      }

      @Override
      public void problem(IndexEntry entry, ContentVerifier.Trouble trouble, String what) {
        notes.note(entry, trouble);
        progress.message("! content " + entry.contentId() + ": " + what);
      }

      @Override
      public void progress(long verifiedContents, long errors) {
        progress.update(
            () -> "  Verified %d contents, %d errors".formatted(verifiedContents, errors));
      }
    };
  }

  private static String json(ContentVerifier.Report report) {
    var json = new GoJsonWriter();
    json.beginObject();
    json.field("verifiedContents", report.verifiedContents());
    json.field("totalErrorCount", report.totalErrorCount());
    json.field("contentsInMissingPacks", report.contentsInMissingPacks());
    json.field("contentsInTruncatedPacks", report.contentsInTruncatedPacks());
    json.field("unreadableContents", report.unreadableContents());
    json.field("readContents", report.readContents());
    json.field("missingPacks", report.missingPacks());
    json.field("truncatedPacks", report.truncatedPacks());
    json.field("corruptedPacks", report.corruptedPacks());
    json.endObject();
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
