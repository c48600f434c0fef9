package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.engine.repository.RepositoryUpgrade;
import dev.longshore.engine.repository.UpgradePlan;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `repository upgrade`: from format 1 or 2 to 3, under a lock that all clients honour.
final class UpgradeCommands {
  private UpgradeCommands() {}

  @Command(name = "upgrade", description = "Upgrade a repository of an old format.")
  static final class Group extends CommandGroup {}

  static RepositoryUpgrade upgrade(Cli cli, BlobStore store, String password) throws IOException {
    ConnectionFile connection = ConnectionFile.read(cli.connection().configFile());
    return new RepositoryUpgrade(
        store,
        password,
        connection.client(),
        cli.connection().openOptions().withCaching(connection.caching()),
        Sleeper.SYSTEM,
        cli::notice);
  }

  /// Who upgrades.
  static final class OwnerFlag {
    @Option(
        names = "--upgrade-owner-id",
        paramLabel = "ID",
        description =
            "Who upgrades ($KOPIA_REPO_UPGRADE_OWNER_ID; default: user and host of the connection)."
                + " The same id goes on with an interrupted upgrade.")
    @Nullable String ownerId;

    String ownerId(Cli cli) throws IOException {
      if (ownerId != null) {
        return ownerId;
      }
      var client = ConnectionFile.read(cli.connection().configFile()).client();
      return cli.terminal()
          .variable("KOPIA_REPO_UPGRADE_OWNER_ID")
          .orElse(client.username() + "@" + client.hostname());
    }
  }

  /// `repository upgrade begin`.
  @Command(
      name = "begin",
      description =
          "Begin an upgrade, or go on with it: lock the repository, wait until all clients have"
              + " noticed, move the index, compare, unlock.")
  static final class Begin extends RepoCommand {
    @Mixin final OwnerFlag owner = new OwnerFlag();

    @Option(
        names = "--io-drain-timeout",
        paramLabel = "DURATION",
        description = "How long a client may take to notice (default and least: 15m).")
    String drain = "15m";

    @Option(names = "--allow-unsafe-upgrade", hidden = true)
    boolean unsafe;

    @Option(
        names = "--status-poll-interval",
        paramLabel = "DURATION",
        description = "How often to look while waiting (default: 60s).")
    String poll = "60s";

    @Option(
        names = "--max-permitted-clock-drift",
        paramLabel = "DURATION",
        description = "How far clocks of clients may be apart (default: 5m).")
    String drift = "5m";

    @Option(names = "--lock-only", hidden = true)
    boolean lockOnly;

    @Option(
        names = "--commit-mode",
        paramLabel = "MODE",
        hidden = true,
        description = "never: stop before the end.")
    String commitMode = "";

    Begin(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (!commitMode.isEmpty() && !commitMode.equals("never")) {
        throw usage("--commit-mode: only `never` is supported");
      }
      var plan =
          new UpgradePlan(
              owner.ownerId(cli),
              duration("--io-drain-timeout", drain),
              duration("--status-poll-interval", poll),
              duration("--max-permitted-clock-drift", drift),
              unsafe,
              lockOnly,
              commitMode.isEmpty());
      String password = cli.connection().existingPassword();
      try (BlobStore store = ChangeCommands.store(cli)) {
        upgrade(cli, store, password).begin(plan);
      } catch (IllegalArgumentException e) {
        throw usage(String.valueOf(e.getMessage()));
      }
      return ExitCode.OK;
    }

    private Duration duration(String option, String text) {
      return GoDurations.parse(text)
          .orElseThrow(() -> usage(option + ": not a duration such as 15m"));
    }
  }

  /// `repository upgrade rollback`.
  @Command(name = "rollback", description = "Take back an upgrade that has not ended.")
  static final class Rollback extends RepoCommand {
    @Option(
        names = "--force",
        description = "Required: whoever still upgrades is not stopped by it.")
    boolean force;

    Rollback(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (!force) {
        throw usage("the upgrade lock can only be revoked unsafely: give --force");
      }
      String password = cli.connection().existingPassword();
      try (BlobStore store = ChangeCommands.store(cli)) {
        upgrade(cli, store, password).rollBack();
      }
      return ExitCode.OK;
    }
  }

  /// `repository upgrade validate`.
  @Command(
      name = "validate",
      description = "Compare the moved index with the old one, before the upgrade ends.")
  static final class Validate extends RepoCommand {
    @Mixin final OwnerFlag owner = new OwnerFlag();

    Validate(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      String password = cli.connection().existingPassword();
      try (BlobStore store = ChangeCommands.store(cli)) {
        upgrade(cli, store, password).validate(owner.ownerId(cli));
      }
      return ExitCode.OK;
    }
  }
}
