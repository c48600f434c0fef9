package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.sync.RepositorySync;
import dev.longshore.engine.sync.SyncResult;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `repository sync-to …`: copies the connected repository, or brings a copy up to date.
abstract class SyncCommand extends RepoCommand {
  @Mixin final SyncFlags flags = new SyncFlags();

  SyncCommand(Cli cli) {
    super(cli);
  }

  /// `repository sync-to`.
  @Command(
      name = "sync-to",
      description = "Copy this repository to another place, or bring the copy up to date.")
  static final class Group extends CommandGroup {}

  /// `repository sync-to filesystem`.
  @Command(name = "filesystem", description = "Copy this repository to a folder.")
  static final class Filesystem extends SyncCommand {
    @Mixin final FilesystemFlags store = new FilesystemFlags();

    Filesystem(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation destination() {
      return store.location(cli, null);
    }
  }

  /// `repository sync-to s3`.
  @Command(name = "s3", description = "Copy this repository to an S3 bucket, which must exist.")
  static final class S3 extends SyncCommand {
    @Mixin final S3Flags store = new S3Flags();

    S3(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation destination() throws IOException {
      store.refusePointInTime();
      return store.location(cli);
    }
  }

  /// `repository sync-to azure`.
  @Command(
      name = "azure",
      description = "Copy this repository to an Azure container, which must exist.")
  static final class Azure extends SyncCommand {
    @Mixin final AzureFlags store = new AzureFlags();

    Azure(Cli cli) {
      super(cli);
    }

    @Override
    StoreLocation destination() {
      store.refusePointInTime();
      return store.location(cli);
    }
  }

  /// Where to copy to.
  abstract StoreLocation destination() throws IOException;

  @Override
  protected ExitCode run() throws IOException {
    StoreLocation to = destination();
    try (Repository source = cli.connection().open();
        BlobStore destination =
            flags.mayMakePlace()
                ? cli.connection().createStore(to.type(), to.configJson())
                : cli.connection().openStore(to.type(), to.configJson());
        var meter = new SyncMeter(cli, flags.dryRun)) {
      meter.begin(
          source.blobs().description().displayName(),
          destination.description().displayName(),
          flags.delete);
      SyncResult result =
          RepositorySync.run(
              source.blobs(), destination, flags.options(cli, source.status().retention()), meter);
      meter.finish(result);
    }
    return ExitCode.OK;
  }
}
