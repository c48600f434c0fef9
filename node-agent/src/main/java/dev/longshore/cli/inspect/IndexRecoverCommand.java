package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.content.IndexRecovery;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `index recover`: makes the index again from the local indexes at the end of packs.
@Command(
    name = "recover",
    description = "Recover the index from packs. Without --commit it only says what it would find.")
final class IndexRecoverCommand extends RepoCommand {
  @Option(
      names = "--blob-prefixes",
      paramLabel = "PREFIX",
      split = ",",
      description = "Packs to look at (default: p,q).")
  List<String> prefixes = List.of("p", "q");

  @Option(names = "--blobs", paramLabel = "BLOB", split = ",", description = "Only these packs.")
  List<String> blobs = List.of();

  @Option(names = "--parallel", hidden = true)
  int parallel;

  @Option(
      names = "--ignore-errors",
      negatable = true,
      description = "Go on after packs that cannot be read.")
  boolean ignoreErrors;

  @Option(
      names = "--commit",
      negatable = true,
      description = "Write the recovered index; asks for --dangerous-commands=enabled.")
  boolean commit;

  IndexRecoverCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (commit) {
      Danger.check(cli);
    }
    try (Repository repository = cli.connection().openPermissively();
        ContentSession session = repository.contents().openSession(ContentWriteOptions.DEFAULT);
        ProgressLine progress = cli.progressLine()) {
      var recovery = repository.contents().recovery();
      var collector = new Collector(session, progress);
      if (blobs.isEmpty()) {
        recovery.recoverAll(prefixes, collector);
      }
      for (String name : blobs) {
        BlobId pack = BlobCommands.blobId(name);
        collector.add(recovery.entriesOf(pack));
      }
      if (commit) {
        session.flush();
      }
      return report(collector);
    }
  }

  private ExitCode report(Collector collector) {
    if (collector.entries == 0) {
      cli.notice("No contents recovered.");
    } else if (commit) {
      cli.notice(
          "Recovered %d contents from %d packs.".formatted(collector.entries, collector.packs));
    } else {
      cli.notice(
          "Found %d contents to recover from %d packs, but not committed. Re-run with --commit"
              .formatted(collector.entries, collector.packs));
    }
    if (collector.failures > 0) {
      cli.notice("repo: " + collector.failures + " packs do not tell what is in them");
      return ignoreErrors ? ExitCode.OK : ExitCode.DAMAGED;
    }
    return ExitCode.OK;
  }

  /// Counts what packs tell, and hands it to the session that will publish it. Packs that do not
  /// tell are named and passed over: what the others hold must not be lost with them.
  private final class Collector implements IndexRecovery.Listener {
    private final ContentSession session;
    private final ProgressLine progress;
    private long entries;
    private long packs;
    private long failures;

    Collector(ContentSession session, ProgressLine progress) {
      this.session = session;
      this.progress = progress;
    }

    void add(List<IndexEntry> found) throws RepositoryException {
      entries += found.size();
      packs++;
      if (commit) {
        session.adopt(found);
      }
      progress.update(() -> "Recovered %d entries from %d packs".formatted(entries, packs));
    }

    @Override
    public void recovered(BlobMetadata pack, List<IndexEntry> found) throws RepositoryException {
      add(found);
    }

    @Override
    public void failed(BlobMetadata pack, RepositoryException fault) {
      failures++;
      progress.message("! " + fault.getMessage());
    }
  }
}
