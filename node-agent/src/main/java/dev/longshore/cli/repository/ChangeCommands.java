package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.engine.repository.Connections;
import dev.longshore.engine.repository.ParameterChange;
import dev.longshore.engine.repository.RepositoryAdmin;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The commands that change what all clients of a repository share.
final class ChangeCommands {
  static final String READ_ONLY =
      "this connection is read-only: allow writing with `repo repository set-client --read-write`";

  private ChangeCommands() {}

  static BlobStore store(Cli cli) throws IOException {
    ConnectionFile connection = ConnectionFile.read(cli.connection().configFile());
    if (connection.client().readOnly()) {
      throw new CommandFailure(ExitCode.UNSUPPORTED, READ_ONLY);
    }
    return cli.connection().openStore(connection.storageType(), connection.storageConfigJson());
  }

  /// `repository change-password`.
  @Command(
      name = "change-password",
      description =
          "Change the password. Contents are not written again; other clients must connect"
              + " anew.")
  static final class ChangePassword extends RepoCommand {
    @Option(
        names = "--new-password",
        paramLabel = "PASSWORD",
        description = "The new password ($KOPIA_NEW_PASSWORD); asked for if not given.")
    @Nullable String newPassword;

    ChangePassword(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      String old = cli.connection().existingPassword();
      String chosen =
          Optional.ofNullable(newPassword)
              .or(() -> cli.terminal().variable("KOPIA_NEW_PASSWORD"))
              .orElseGet(() -> cli.connection().askTwice("Enter new password: "));
      if (chosen.isEmpty()) {
        throw new CommandFailure(ExitCode.PASSWORD, "the new password is empty");
      }
      try (BlobStore blobs = store(cli)) {
        RepositoryAdmin.changePassword(blobs, old, chosen, cli.terminal().random());
      }
      if (cli.connection().persistCredentials()) {
        Connections.storePassword(cli.connection().configFile(), chosen);
      }
      cli.notice(
          "NOTE: Repository password has been changed. Other clients notice within 15 minutes and"
              + " must connect with the new one.");
      WellKnownPassword.warn(cli, chosen);
      return ExitCode.OK;
    }
  }

  /// `repository set-parameters`.
  @Command(name = "set-parameters", description = "Change parameters of the repository.")
  static final class SetParameters extends RepoCommand {
    @Option(
        names = "--max-pack-size-mb",
        paramLabel = "MB",
        description = "Size after which a pack is closed, 10 to 120.")
    @Nullable Integer maxPackSizeMegabytes;

    @Option(
        names = "--index-version",
        paramLabel = "N",
        description = "Format of new index blobs, 1 or 2.")
    @Nullable Integer indexVersion;

    @Option(
        names = "--retention-mode",
        paramLabel = "MODE",
        description = "none, GOVERNANCE or COMPLIANCE.")
    @Nullable String retentionMode;

    @Option(
        names = "--retention-period",
        paramLabel = "DURATION",
        description = "How long new blobs stay locked.")
    @Nullable String retentionPeriod;

    @Option(
        names = "--upgrade",
        negatable = true,
        description =
            "Upgrade a repository of format 1 to epochs at once; no other client may be at work"
                + " (others: see `repository upgrade`).")
    boolean upgrade;

    @Mixin final EpochFlags epochs = new EpochFlags();

    SetParameters(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      ParameterChange change = change();
      if (change.equals(ParameterChange.NONE) && !upgrade) {
        throw usage("no changes");
      }
      List<String> changes;
      boolean upgraded = false;
      String password = cli.connection().existingPassword();
      try (BlobStore blobs = store(cli)) {
        upgraded = upgrade && upgradeAlone(blobs, password);
        changes = RepositoryAdmin.setParameters(blobs, password, change, cli.terminal().random());
      } catch (IllegalArgumentException e) {
        throw usage(String.valueOf(e.getMessage()));
      }
      if (changes.isEmpty() && !upgraded) {
        cli.notice(
            upgrade
                ? "The repository has epochs already: nothing to upgrade."
                : "Nothing changes: the parameters have these values.");
        return ExitCode.OK;
      }
      changes.forEach(sentence -> cli.notice(" - " + sentence));
      cli.notice("NOTE: Repository parameters updated, other clients notice within 15 minutes.");
      return ExitCode.OK;
    }

    private boolean upgradeAlone(BlobStore blobs, String password) throws IOException {
      return UpgradeCommands.upgrade(cli, blobs, password).upgradeAlone();
    }

    private ParameterChange change() {
      try {
        return new ParameterChange(
            maxPackSizeMegabytes == null
                ? OptionalInt.empty()
                : OptionalInt.of(Math.multiplyExact(maxPackSizeMegabytes, 1 << 20)),
            optional(indexVersion),
            retention(),
            epochs.change());
      } catch (ArithmeticException e) {
        throw usage("a size is too large");
      }
    }

    private Optional<BlobRetention> retention() {
      if (retentionMode == null && retentionPeriod == null) {
        return Optional.empty();
      }
      if ("none".equals(retentionMode)) {
        return Optional.of(BlobRetention.NONE);
      }
      return Optional.of(
          RetentionFlags.retention(
              retentionMode,
              duration("--retention-period", retentionPeriod).orElse(Duration.ZERO)));
    }
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static Optional<Duration> duration(String option, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    return Optional.of(
        GoDurations.parse(text)
            .orElseThrow(
                () -> new CommandFailure(ExitCode.USAGE, option + ": not a duration such as 24h")));
  }

  /// The epoch manager's parameters.
  static final class EpochFlags {
    @Option(
        names = "--epoch-refresh-frequency",
        paramLabel = "DURATION",
        description = "How often clients look for new epochs.")
    @Nullable String refreshFrequency;

    @Option(
        names = "--epoch-min-duration",
        paramLabel = "DURATION",
        description = "Least length of an epoch.")
    @Nullable String minDuration;

    @Option(
        names = "--epoch-cleanup-safety-margin",
        paramLabel = "DURATION",
        description = "How long superseded index blobs stay.")
    @Nullable String cleanupMargin;

    @Option(
        names = "--epoch-advance-on-count",
        paramLabel = "N",
        description = "Index blobs that end an epoch.")
    @Nullable Integer advanceOnCount;

    @Option(
        names = "--epoch-advance-on-size-mb",
        paramLabel = "MB",
        description = "Size of index blobs that ends an epoch.")
    @Nullable Long advanceOnMegabytes;

    @Option(
        names = "--epoch-delete-parallelism",
        paramLabel = "N",
        description = "Deletions in flight.")
    @Nullable Integer deleteParallelism;

    @Option(
        names = "--epoch-checkpoint-frequency",
        paramLabel = "N",
        description = "Epochs in a range compaction.")
    @Nullable Integer checkpointFrequency;

    ParameterChange.Epochs change() {
      return new ParameterChange.Epochs(
          duration("--epoch-refresh-frequency", refreshFrequency),
          duration("--epoch-min-duration", minDuration),
          duration("--epoch-cleanup-safety-margin", cleanupMargin),
          optional(advanceOnCount),
          advanceOnMegabytes == null
              ? OptionalLong.empty()
              : OptionalLong.of(Math.multiplyExact(advanceOnMegabytes, 1L << 20)),
          optional(deleteParallelism),
          optional(checkpointFrequency));
    }
  }
}
