package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.check.ProviderCheck;
import dev.longshore.engine.blob.check.ProviderCheckOptions;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.ConnectionFile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `repository validate-provider`.
@Command(
    name = "validate-provider",
    description =
        "Try out whether the repository's store does what is relied on; writes and deletes blobs of"
            + " its own ($KOPIA_SKIP_PROVIDER_VALIDATION: do nothing).")
final class ValidateProviderCommand extends RepoCommand {
  private static final ProviderCheckOptions DEFAULT = ProviderCheckOptions.DEFAULT;

  @Option(
      names = "--num-storage-connections",
      paramLabel = "N",
      description = "Connections to the store (default: 5).")
  int connections = 5;

  @Option(
      names = "--concurrency-test-duration",
      paramLabel = "DURATION",
      description = "How long many workers use the store at once (default: 30s).")
  String concurrency = "30s";

  @Option(
      names = "--put-blob-workers",
      paramLabel = "N",
      description = "Workers that write (default: 3).")
  int putters = DEFAULT.putters();

  @Option(
      names = "--get-blob-workers",
      paramLabel = "N",
      description = "Workers that read (default: 3).")
  int getters = DEFAULT.getters();

  @Option(
      names = "--get-metadata-workers",
      paramLabel = "N",
      description = "Workers that look at blobs (default: 3).")
  int lookers = DEFAULT.lookers();

  ValidateProviderCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (connections < 1 || putters < 0 || getters < 0 || lookers < 0) {
      throw usage("connections must be at least 1, and workers not negative");
    }
    if (cli.terminal().variable("KOPIA_SKIP_PROVIDER_VALIDATION").isPresent()) {
      return ExitCode.OK;
    }
    ConnectionFile connection = ConnectionFile.read(cli.connection().configFile());
    if (connection.client().readOnly()) {
      throw new CommandFailure(ExitCode.UNSUPPORTED, ChangeCommands.READ_ONLY);
    }
    List<BlobStore> stores = new ArrayList<>();
    try {
      cli.notice("Opening " + (connections - 1) + " equivalent storage connections...");
      for (int i = 0; i < connections; i++) {
        stores.add(
            cli.connection().openStore(connection.storageType(), connection.storageConfigJson()));
      }
      check(stores);
    } finally {
      close(stores);
    }
    cli.notice("All good.");
    return ExitCode.OK;
  }

  private void check(List<BlobStore> stores) throws RepositoryException {
    Duration length =
        GoDurations.parse(concurrency)
            .orElseThrow(() -> usage("--concurrency-test-duration: not a duration such as 30s"));
    var options =
        new ProviderCheckOptions(
            DEFAULT.maxClockDrift(),
            length,
            putters,
            getters,
            lookers,
            DEFAULT.listers(),
            DEFAULT.maxBlobBytes());
    var listener =
        new ProviderCheck.Listener() {
          @Override
          public void step(String what) {
            cli.notice(what);
          }

          @Override
          public void notice(String text) {
            cli.notice("NOTE: " + text);
          }
        };
    new ProviderCheck(stores, options, cli.terminal().clock(), cli.terminal().random(), listener)
        .run();
  }

  private static void close(List<BlobStore> stores) throws RepositoryException {
    for (BlobStore store : stores) {
      store.close();
    }
  }
}
