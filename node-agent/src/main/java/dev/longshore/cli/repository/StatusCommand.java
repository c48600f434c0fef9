package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.ReconnectToken;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryStatus;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;
import dev.longshore.format.repository.RequiredFeature;
import dev.longshore.format.repository.UpgradeLock;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `repository status`, in Kopia's words and columns.
@Command(name = "status", description = "Show the connection and the repository's parameters.")
final class StatusCommand extends RepoCommand {
  @Option(
      names = {"-t", "--reconnect-token"},
      negatable = true,
      description = "Show the command that makes this connection elsewhere.")
  boolean token;

  @Option(
      names = {"-s", "--reconnect-token-with-password"},
      negatable = true,
      description = "With the password in it.")
  boolean tokenWithPassword;

  @Option(names = "--json", negatable = true, description = "Print JSON.")
  boolean json;

  StatusCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      RepositoryStatus status = repository.status();
      if (json) {
        cli.out().println(StatusJson.of(cli.connection().configFile().toString(), status));
      } else {
        print(status);
        printToken(status);
      }
      return ExitCode.OK;
    }
  }

  private void line(String label, Object value) {
    cli.out().println(label + " ".repeat(Math.max(1, 21 - label.length())) + value);
  }

  private void print(RepositoryStatus status) throws IOException {
    PrintStream out = cli.out();
    line("Config file:", cli.connection().configFile());
    out.println();
    line("Description:", status.client().description().orElse(""));
    line("Hostname:", status.client().hostname());
    line("Username:", status.client().username());
    line("Read-only:", status.client().readOnly());
    Duration cache = status.client().formatBlobCacheDuration();
    line("Format blob cache:", cache.isPositive() ? GoDurations.format(cache) : "disabled");
    out.println();
    line("Storage type:", status.store().type());
    Optional<BlobStore.Capacity> capacity = status.capacity();
    line(
        "Storage capacity:",
        capacity.map(c -> cli.sizes().bytes(c.totalBytes())).orElse("unbounded"));
    capacity.ifPresent(c -> line("Storage available:", cli.sizes().bytes(c.availableBytes())));
    line("Storage config:", StoreConfigText.indented(status.store().configJson()));
    out.println();
    printFormat(status.uniqueIdHex(), status.format());
    printEpochs(status);
    if (status.retention().isEnabled()) {
      out.println();
      out.println("Blob retention mode:     " + status.retention().mode());
      out.println("Blob retention period:   " + GoDurations.format(status.retention().period()));
    }
    printUpgrade(status.format());
  }

  private void printFormat(String uniqueIdHex, RepositoryFormat format) {
    line("Unique ID:", uniqueIdHex);
    line("Hash:", format.hash());
    line("Encryption:", format.encryption());
    line("Splitter:", format.splitter());
    line("Format version:", format.version());
    line("Content compression:", format.indexVersion() >= 2);
    line("Password changes:", format.enablePasswordChange());
    if (!format.requiredFeatures().isEmpty()) {
      line(
          "Required Features:",
          format.requiredFeatures().stream()
              .map(RequiredFeature::feature)
              .collect(Collectors.joining(" ")));
    }
    line("Max pack length:", cli.sizes().bytes(format.maxPackSize()));
    line("Index Format:", "v" + format.indexVersion());
  }

  private void printEpochs(RepositoryStatus status) {
    EpochParameters epochs = status.format().epochParameters();
    PrintStream out = cli.out();
    if (!epochs.enabled()) {
      line("Epoch Manager:", "disabled");
      return;
    }
    out.println();
    line("Epoch Manager:", "enabled");
    out.println("Current Epoch: " + status.writeEpoch().orElse(0));
    out.println();
    out.println("Epoch refresh frequency: " + GoDurations.format(epochs.refreshFrequency()));
    out.println(
        "Epoch advance on:        %d blobs or %s, minimum %s"
            .formatted(
                epochs.advanceOnCount(),
                cli.sizes().bytes(epochs.advanceOnTotalSizeBytes()),
                GoDurations.format(epochs.minEpochDuration())));
    out.println("Epoch cleanup margin:    " + GoDurations.format(epochs.cleanupSafetyMargin()));
    out.println("Epoch range-compaction every: " + epochs.fullCheckpointFrequency() + " epochs");
  }

  private void printUpgrade(RepositoryFormat format) {
    Optional<UpgradeLock> lock = format.findUpgradeLock();
    if (lock.isEmpty()) {
      return;
    }
    UpgradeLock upgrade = lock.get();
    cli.out().println();
    line("Ongoing upgrade:", upgrade.message());
    line("Upgrade Time:", cli.times().seconds(upgrade.upgradeTime()));
    line("Upgrade Owner:", upgrade.ownerId());
    var now = cli.terminal().clock().instant();
    line("Upgrade lock:", upgrade.isLocked(now) ? "Locked" : "Unlocked");
    line("Lock status:", upgrade.isFullyEstablished(now) ? "Fully Established" : "Draining");
  }

  private void printToken(RepositoryStatus status) throws IOException {
    if (!token && !tokenWithPassword) {
      return;
    }
    Optional<String> password =
        tokenWithPassword ? Optional.of(cli.connection().existingPassword()) : Optional.empty();
    String text =
        new ReconnectToken(status.store().type(), status.store().configJson(), password).encode();
    PrintStream out = cli.out();
    out.println();
    out.println("To reconnect to the repository use:");
    out.println();
    out.println("$ repo repository connect from-config --token " + text);
    if (tokenWithPassword) {
      out.println();
      out.println("NOTICE: whoever sees this token has the password.");
    }
    out.println();
  }
}
