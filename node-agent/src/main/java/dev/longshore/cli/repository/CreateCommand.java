package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryDefaults;
import dev.longshore.format.repository.BlobRetention;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `repository create …`: makes an empty repository and connects to it.
abstract class CreateCommand extends RepoCommand {
  @Mixin final ConnectFlags connect = new ConnectFlags();
  @Mixin final FormatFlags format = new FormatFlags();

  @Option(
      names = {"-c", "--create-only"},
      negatable = true,
      description = "Do not connect to the new repository.")
  boolean createOnly;

  CreateCommand(Cli cli) {
    super(cli);
  }

  /// `repository create`.
  @Command(name = "create", description = "Create a repository and connect to it.")
  static final class Group extends CommandGroup {}

  /// `repository create filesystem`.
  @Command(name = "filesystem", description = "Create a repository in a folder.")
  static final class Filesystem extends CreateCommand {
    @Mixin final FilesystemFlags store = new FilesystemFlags();

    Filesystem(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation newLocation(CreateOptions options) {
      return store.location(cli, options.formatVersion() == 1 ? List.of(3, 3) : List.of(1, 3));
    }

    @Override
    StoreLocation location() {
      // A connection finds the folder's shard sizes by itself.
      return store.location(cli, null);
    }
  }

  /// `repository create s3`.
  @Command(name = "s3", description = "Create a repository in an S3 bucket, which must exist.")
  static final class S3 extends CreateCommand {
    @Mixin final S3Flags store = new S3Flags();

    S3(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation newLocation(CreateOptions options) throws IOException {
      store.refusePointInTime();
      return location();
    }

    @Override
    StoreLocation location() throws IOException {
      return store.location(cli);
    }
  }

  /// `repository create azure`.
  @Command(
      name = "azure",
      description = "Create a repository in an Azure container, which must exist.")
  static final class Azure extends CreateCommand {
    @Mixin final AzureFlags store = new AzureFlags();

    Azure(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation newLocation(CreateOptions options) {
      store.refusePointInTime();
      return location();
    }

    @Override
    StoreLocation location() {
      return store.location(cli);
    }
  }

  /// Where the repository is made.
  abstract StoreLocation newLocation(CreateOptions options) throws IOException;

  /// What connections to it say.
  abstract StoreLocation location() throws IOException;

  @Override
  protected ExitCode run() throws IOException {
    CreateOptions options = format.options(cli);
    StoreLocation location = newLocation(options);
    StoreLocation connected = location();
    ensureEmpty(location);
    String password = cli.connection().newPassword("Enter password to create new repository: ");
    if (password.isEmpty()) {
      throw new CommandFailure(ExitCode.PASSWORD, "the password is empty");
    }
    announce(options);
    BlobStore blobs = cli.connection().stores().create(location.type(), location.configJson());
    Repositories.create(blobs, options, password, cli.terminal().random());
    ConnectionFile connection;
    try (Repository repository =
        Repositories.open(
            blobs, password, connect.client(cli, blobs), cli.connection().openOptions())) {
      RepositoryDefaults.writeGlobalPolicy(repository);
      RepositoryDefaults.writeMaintenanceParameters(
          repository, repository.client().username() + "@" + repository.client().hostname());
      connection = connect.connection(cli, connected, repository.uniqueId(), blobs);
    }
    if (createOnly) {
      cli.notice("Created repository in " + blobs.description().displayName() + ".");
    } else {
      connect.connect(cli, connection, password);
    }
    return ExitCode.OK;
  }

  private void ensureEmpty(StoreLocation location) throws IOException {
    try (BlobStore blobs =
        cli.connection().stores().create(location.type(), location.configJson())) {
      blobs.list(
          "",
          blob -> {
            throw new CommandFailure(
                ExitCode.EXISTS,
                "found existing data in "
                    + blobs.description().displayName()
                    + ": choose an empty place, or use `repo connect`");
          });
    }
  }

  private void announce(CreateOptions options) {
    cli.notice("Initializing repository with:");
    cli.notice("  format version:      " + options.formatVersion());
    cli.notice("  block hash:          " + options.hash());
    cli.notice("  encryption:          " + options.encryption());
    cli.notice("  key derivation:      " + options.keyDerivation());
    if (options.eccOverheadPercent() > 0) {
      cli.notice(
          "  ecc:                 %s with %d%% overhead"
              .formatted(options.ecc(), options.eccOverheadPercent()));
    }
    cli.notice("  splitter:            " + options.splitter());
  }

  /// What a new repository is made of; fixed for its life.
  static final class FormatFlags {
    @Option(
        names = "--block-hash",
        paramLabel = "ALGO",
        description = "Content hash ($KOPIA_HASHING_ALGORITHM; default: BLAKE2B-256-128).")
    @Nullable String hash;

    @Option(
        names = "--encryption",
        paramLabel = "ALGO",
        description =
            "Content encryption ($KOPIA_ENCRYPTION_ALGORITHM; default: AES256-GCM-HMAC-SHA256).")
    @Nullable String encryption;

    @Option(
        names = "--ecc",
        paramLabel = "ALGO",
        description = "Error correction (default: REED-SOLOMON-CRC32).")
    String ecc = CreateOptions.DEFAULT.ecc();

    @Option(
        names = "--ecc-overhead-percent",
        paramLabel = "PERCENT",
        description = "Space for error correction, 1 to 100; 0 for none (default).")
    int eccOverheadPercent;

    @Option(
        names = "--object-splitter",
        paramLabel = "ALGO",
        description =
            "Splitter of new objects ($KOPIA_SPLITTER_ALGORITHM; default: DYNAMIC-4M-BUZHASH).")
    @Nullable String splitter;

    @Option(
        names = "--format-version",
        paramLabel = "N",
        description = "Format version, 1 to 3; 0 for the newest (default).")
    int formatVersion;

    @Option(
        names = "--retention-mode",
        paramLabel = "MODE",
        description = "Lock blobs in stores that can: GOVERNANCE or COMPLIANCE.")
    @Nullable String retentionMode;

    @Option(
        names = "--retention-period",
        paramLabel = "DURATION",
        description = "How long blobs stay locked.")
    @Nullable String retentionPeriod;

    @Option(
        names = "--format-block-key-derivation-algorithm",
        paramLabel = "ALGO",
        description = "How the password becomes a key (default: scrypt-65536-8-1).")
    String keyDerivation = CreateOptions.DEFAULT.keyDerivation();

    CreateOptions options(Cli cli) {
      CreateOptions options =
          CreateOptions.DEFAULT
              .withFormatVersion(
                  formatVersion == 0 ? CreateOptions.DEFAULT.formatVersion() : formatVersion)
              .withAlgorithms(
                  chosen(cli, hash, "KOPIA_HASHING_ALGORITHM", CreateOptions.DEFAULT.hash()),
                  chosen(
                      cli,
                      encryption,
                      "KOPIA_ENCRYPTION_ALGORITHM",
                      CreateOptions.DEFAULT.encryption()),
                  chosen(
                      cli, splitter, "KOPIA_SPLITTER_ALGORITHM", CreateOptions.DEFAULT.splitter()))
              .withEccOverheadPercent(eccOverheadPercent)
              .withKeyDerivation(keyDerivation);
      return retentionMode == null && retentionPeriod == null
          ? options
          : options.withRetention(retention());
    }

    private BlobRetention retention() {
      Duration period =
          Optional.ofNullable(retentionPeriod)
              .flatMap(GoDurations::parse)
              .orElseThrow(() ->
                  new CommandFailure(
                      ExitCode.USAGE, "--retention-period: not a duration such as 48h"));
      return RetentionFlags.retention(retentionMode, period);
    }

    private static String chosen(Cli cli, @Nullable String flag, String variable, String fallback) {
      return flag != null ? flag : cli.terminal().variable(variable).orElse(fallback);
    }
  }
}
