package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.engine.repository.ReconnectToken;
import dev.longshore.engine.repository.Repositories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `repository connect …`: remembers where a repository is.
final class ConnectCommand {
  private ConnectCommand() {}

  /// `repository connect`.
  @Command(name = "connect", description = "Connect to an existing repository.")
  static final class Group extends CommandGroup {}

  /// Opens the repository at a location once, with the cache that the connection names, then keeps
  /// the connection.
  private static void connect(Cli cli, ConnectFlags flags, StoreLocation location, String password)
      throws IOException {
    ConnectionFile connection;
    try (BlobStore blobs = cli.connection().openStore(location.type(), location.configJson())) {
      connection = flags.connection(cli, location, Repositories.uniqueId(blobs), blobs);
    }
    flags.connect(cli, connection, password);
  }

  /// `repository connect filesystem`.
  @Command(name = "filesystem", description = "Connect to a repository in a folder.")
  static final class Filesystem extends RepoCommand {
    @Mixin final FilesystemFlags store = new FilesystemFlags();
    @Mixin final ConnectFlags flags = new ConnectFlags();

    Filesystem(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      connect(cli, flags, store.location(cli, null), cli.connection().passwordForConnecting());
      return ExitCode.OK;
    }
  }

  /// `repository connect s3`.
  @Command(name = "s3", description = "Connect to a repository in an S3 bucket.")
  static final class S3 extends RepoCommand {
    @Mixin final S3Flags store = new S3Flags();
    @Mixin final ConnectFlags flags = new ConnectFlags();

    S3(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      flags.readonly |= !store.pointInTime.isEmpty();
      connect(cli, flags, store.location(cli), cli.connection().passwordForConnecting());
      return ExitCode.OK;
    }
  }

  /// `repository connect azure`.
  @Command(name = "azure", description = "Connect to a repository in an Azure container.")
  static final class Azure extends RepoCommand {
    @Mixin final AzureFlags store = new AzureFlags();
    @Mixin final ConnectFlags flags = new ConnectFlags();

    Azure(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      flags.readonly |= !store.pointInTime.isEmpty();
      connect(cli, flags, store.location(cli), cli.connection().passwordForConnecting());
      return ExitCode.OK;
    }
  }

  /// `repository connect from-config`: with the file or token of another connection.
  @Command(
      name = "from-config",
      description = "Connect as another connection file or a reconnect token says.")
  static final class FromConfig extends RepoCommand {
    /// No token is longer.
    private static final int MAX_TOKEN_BYTES = 1 << 20;

    @Mixin final ConnectFlags flags = new ConnectFlags();

    @Option(names = "--file", paramLabel = "FILE", description = "Another connection file.")
    @Nullable Path file;

    @Option(names = "--token", paramLabel = "TOKEN", description = "A token of `repo status -t`.")
    @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Read the token from FILE.")
    @Nullable Path tokenFile;

    @Option(names = "--token-stdin", description = "Read the token from standard input.")
    boolean tokenStdin;

    FromConfig(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (file != null) {
        ConnectionFile other = ConnectionFile.read(cli.terminal().workingDirectory().resolve(file));
        connect(
            cli,
            flags,
            new StoreLocation(other.storageType(), other.storageConfigJson()),
            cli.connection().passwordForConnecting());
        return ExitCode.OK;
      }
      ReconnectToken decoded = decode(tokenText());
      Optional<String> inToken = decoded.password();
      String password =
          inToken.isPresent() ? inToken.get() : cli.connection().passwordForConnecting();
      connect(
          cli,
          flags,
          new StoreLocation(decoded.storageType(), decoded.storageConfigJson()),
          password);
      return ExitCode.OK;
    }

    private static ReconnectToken decode(String token) throws IOException {
      try {
        return ReconnectToken.decode(token);
      } catch (DamagedException e) {
        // No damage to a repository: the token was not copied in full.
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }

    private String tokenText() throws IOException {
      if (token != null) {
        return token;
      }
      if (tokenFile != null) {
        try (var in = Files.newInputStream(cli.terminal().workingDirectory().resolve(tokenFile))) {
          return text(in.readNBytes(MAX_TOKEN_BYTES));
        }
      }
      if (tokenStdin) {
        return text(cli.terminal().in().readNBytes(MAX_TOKEN_BYTES));
      }
      throw new CommandFailure(
          ExitCode.USAGE, "one of --file, --token, --token-file and --token-stdin is needed");
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8).strip();
    }
  }

  /// `repository disconnect`.
  @Command(
      name = "disconnect",
      description = "Forget the connection: its file, password and cache. The repository stays.")
  static final class Disconnect extends RepoCommand {
    Disconnect(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      dev.longshore.engine.repository.Connections.disconnect(cli.connection().configFile());
      cli.notice("Disconnected from repository.");
      return ExitCode.OK;
    }
  }
}
