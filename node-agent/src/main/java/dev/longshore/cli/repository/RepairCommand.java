package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.RepositoryAdmin;
import dev.longshore.format.id.BlobId;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `repository repair …`: brings the format blob back from a pack.
///
/// Unlike Kopia, `auto` also replaces a format blob that is there but cannot be taken apart.
abstract class RepairCommand extends RepoCommand {
  @Option(
      names = "--recover-format",
      paramLabel = "WHEN",
      description =
          "`auto`: if the format blob is missing or no format blob (default); `yes`: in any case;"
              + " `no`: never.")
  String recoverFormat = "auto";

  @Option(
      names = "--recover-format-block-prefixes",
      paramLabel = "PREFIX",
      split = ",",
      description = "Packs to look at (default: p,q).")
  List<String> prefixes = List.of("p", "q");

  @Option(
      names = {"-n", "--dry-run"},
      negatable = true,
      description = "Only look.")
  boolean dryRun;

  RepairCommand(Cli cli) {
    super(cli);
  }

  /// `repository repair`.
  @Command(name = "repair", description = "Repair a repository that cannot be opened.")
  static final class Group extends CommandGroup {}

  /// The store the user named.
  abstract StoreLocation location() throws IOException;

  @Override
  protected final ExitCode run() throws IOException {
    if (!List.of("auto", "yes", "no").contains(recoverFormat)) {
      throw usage("--recover-format is auto, yes or no");
    }
    StoreLocation at = location();
    try (BlobStore blobs = cli.connection().openStore(at.type(), at.configJson())) {
      if (recoverFormat.equals("no")) {
        cli.notice("Nothing to do.");
        return ExitCode.OK;
      }
      if (recoverFormat.equals("auto") && RepositoryAdmin.hasFormatBlob(blobs)) {
        cli.notice("There is a format blob: it is not recovered unless --recover-format=yes.");
        return ExitCode.OK;
      }
      BlobId found = RepositoryAdmin.repair(blobs, prefixes, dryRun);
      cli.notice(
          dryRun
              ? "Found the format blob in " + found + "; nothing was written."
              : "Recovered the format blob from " + found + ".");
      return ExitCode.OK;
    }
  }

  /// `repository repair filesystem`.
  @Command(
      name = "filesystem",
      description = "Restore a lost or damaged format blob from the copies in packs (format 1).")
  static final class Filesystem extends RepairCommand {
    @Mixin final FilesystemFlags store = new FilesystemFlags();

    Filesystem(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation location() {
      return store.location(cli, null);
    }
  }

  /// `repository repair s3`.
  @Command(name = "s3", description = "Restore it in an S3 bucket.")
  static final class S3 extends RepairCommand {
    @Mixin final S3Flags store = new S3Flags();

    S3(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation location() throws IOException {
      return store.location(cli);
    }
  }

  /// `repository repair azure`.
  @Command(name = "azure", description = "Restore it in an Azure container.")
  static final class Azure extends RepairCommand {
    @Mixin final AzureFlags store = new AzureFlags();

    Azure(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation location() {
      return store.location(cli);
    }
  }
}
