package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.content.ContentVerifier;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `content verify`: every content is in a pack that is there and long enough; with `--full`, every
/// content is read and its hash checked.
@Command(name = "verify", description = "Verify that contents are backed by packs, and readable.")
final class ContentVerifyCommand extends RepoCommand {
  @Option(names = "--parallel", paramLabel = "N", description = "Packs at once (default: 16).")
  int parallel = 16;

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

  ContentVerifyCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!(downloadPercent >= 0 && downloadPercent <= 100) || parallel < 1) {
      throw usage("--download-percent is 0 to 100, --parallel 1 or more");
    }
    var options =
        new ContentVerifier.Options(
            contents.range(includeDeleted),
            contents::includes,
            full ? 100 : downloadPercent,
            parallel);
    try (Repository repository = cli.connection().open();
        ProgressLine progress = cli.progressLine()) {
      ContentVerifier.Report report =
          ContentVerifier.verify(
              repository.contents(), options, cli.terminal().random(), listener(progress));
      progress.message("verifyCounters: " + json(report));
      if (report.totalErrorCount() == 0) {
        return ExitCode.OK;
      }
      cli.notice("repo: encountered " + report.totalErrorCount() + " errors");
      return ExitCode.DAMAGED;
    }
  }

  private static ContentVerifier.Listener listener(ProgressLine progress) {
    return new ContentVerifier.Listener() {
      @Override
      public void problem(IndexEntry entry, String what) {
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
