package dev.longshore.cli;

import dev.longshore.cli.output.Text;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.Retrier;
import dev.longshore.engine.blob.RetryPolicy;
import dev.longshore.engine.blob.RetryingStore;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.blob.ThrottledStore;
import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.blob.remote.DraftSpace;
import dev.longshore.engine.blob.remote.RemoteEnvironment;
import dev.longshore.engine.blob.remote.Timeouts;
import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.AzureStoreFactory;
import dev.longshore.engine.repository.Connections;
import dev.longshore.engine.repository.FilesystemStoreFactory;
import dev.longshore.engine.repository.LocalPaths;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.S3StoreFactory;
import dev.longshore.engine.repository.StoreFactories;
import dev.longshore.format.error.CorruptException;
import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which repository a command works on, and with which password.
public final class Connection {
  /// No password is longer; a file that is not meant as one must not fill the memory.
  private static final int MAX_PASSWORD_CHARS = 1 << 16;

  private final Terminal terminal;
  private final GlobalOptions options;

  Connection(Terminal terminal, GlobalOptions options) {
    this.terminal = terminal;
    this.options = options;
  }

  /// The kinds of stores this program opens.
  public StoreFactories stores() {
    return new StoreFactories(
        List.of(
            new FilesystemStoreFactory(),
            new S3StoreFactory(remoteEnvironment()),
            new AzureStoreFactory(
                remoteEnvironment(), terminal.variable("AZURE_AUTHORITY_HOST").orElse(""))));
  }

  private RemoteEnvironment remoteEnvironment() {
    return new RemoteEnvironment(
        terminal.clock(),
        new Retrier(RetryPolicy.DEFAULT, terminal.clock(), terminal.random(), Sleeper.SYSTEM),
        new DraftSpace(Optional.of(paths().draftFolder()), MemoryBudget.ofProcess().draftBytes()),
        Timeouts.DEFAULT);
  }

  /// Opens a store as it is, without the repository in it; calls that may be tried again are.
  public BlobStore openStore(String type, String configJson) throws RepositoryException {
    return limited(stores().open(type, configJson), configJson);
  }

  /// As above; makes the store's place first where that is needed.
  public BlobStore createStore(String type, String configJson) throws RepositoryException {
    return limited(stores().create(type, configJson), configJson);
  }

  private BlobStore limited(BlobStore store, String configJson) throws RepositoryException {
    ThrottlingLimits limits;
    try {
      limits = ThrottlingLimits.parse(configJson.getBytes(StandardCharsets.UTF_8));
    } catch (CorruptException e) {
      throw new DamagedException("storage config: " + e.getMessage(), e);
    }
    return new RetryingStore(
        ThrottledStore.of(store, limits, terminal.clock(), Sleeper.SYSTEM),
        RetryPolicy.DEFAULT,
        terminal.clock(),
        terminal.random(),
        Sleeper.SYSTEM);
  }

  /// Where this user's connections are.
  public LocalPaths paths() {
    Path home = Path.of(terminal.variable("HOME").orElse(System.getProperty("user.home", "/")));
    return new LocalPaths(terminal.environment(), System.getProperty("os.name", ""), home);
  }

  /// The connection file: `--config-file`, `KOPIA_CONFIG_PATH`, or the default.
  public Path configFile() {
    String name =
        options.configFile != null
            ? options.configFile
            : terminal.variable("KOPIA_CONFIG_PATH").orElse("");
    Path file = name.isEmpty() ? paths().defaultConfigFile() : paths().configFile(name);
    return terminal.workingDirectory().resolve(file);
  }

  /// Connections of this program's kinds of stores.
  public Connections connections() {
    return new Connections(stores());
  }

  /// Opens the connected repository; the caller closes it.
  public Repository open() throws IOException {
    return connections().open(configFile(), existingPassword(), openOptions());
  }

  /// As [#open], but everything is read from the store itself: for whoever looks whether it is
  /// sound.
  public Repository openPastCache() throws IOException {
    return connections().open(configFile(), existingPassword(), openOptions(true, false));
  }

  /// As [#open], passing over index blobs that cannot be read, so that the index can be recovered.
  public Repository openPermissively() throws IOException {
    return connections().open(configFile(), existingPassword(), openOptions(true, true));
  }

  /// What opening needs from this process.
  public OpenOptions openOptions() {
    return openOptions(false, false);
  }

  private OpenOptions openOptions(boolean pastCache, boolean passOverDamagedIndex) {
    OpenOptions plain = OpenOptions.of(terminal.clock(), terminal.random());
    return new OpenOptions(
        plain.clock(),
        plain.random(),
        plain.caching(),
        pastCache,
        terminal.variable("KOPIA_REPO_UPGRADE_OWNER_ID"),
        terminal.variable("KOPIA_IGNORE_MALFORMED_MANIFEST_CONTENTS").isPresent(),
        passOverDamagedIndex,
        warning -> terminal.err().println("repo: warning: " + Text.visible(warning)));
  }

  /// Tells whether a password is to be kept beside the connection.
  public boolean persistCredentials() {
    return options.persistCredentials
        && terminal
            .variable("KOPIA_PERSIST_CREDENTIALS_ON_CONNECT")
            .map(value -> terminal.flag("KOPIA_PERSIST_CREDENTIALS_ON_CONNECT"))
            .orElse(true);
  }

  /// The password of an existing repository: given, kept beside the connection, or typed.
  public String existingPassword() throws IOException {
    Optional<String> given = givenPassword();
    if (given.isPresent()) {
      return given.get();
    }
    Optional<String> kept = storedPassword();
    if (kept.isPresent()) {
      return kept.get();
    }
    return terminal
        .passwordPrompt()
        .ask("Enter password to open repository: ")
        .orElseThrow(Connection::noPassword);
  }

  /// The password of a repository to connect to: given, or typed; one kept for another connection
  /// does not count.
  public String passwordForConnecting() throws IOException {
    Optional<String> given = givenPassword();
    return given.isPresent()
        ? given.get()
        : terminal
            .passwordPrompt()
            .ask("Enter password to open repository: ")
            .orElseThrow(Connection::noPassword);
  }

  private Optional<String> storedPassword() throws RepositoryException {
    return Connections.storedPassword(configFile());
  }

  /// The password of a repository to be made: given, or typed twice.
  public String newPassword(String prompt) throws IOException {
    Optional<String> given = givenPassword();
    if (given.isPresent()) {
      return given.get();
    }
    return askTwice(prompt);
  }

  /// Asks for a password twice.
  public String askTwice(String prompt) {
    String first = terminal.passwordPrompt().ask(prompt).orElseThrow(Connection::noPassword);
    String second =
        terminal.passwordPrompt().ask("Re-enter password for verification: ").orElse("");
    if (!first.equals(second)) {
      throw new CommandFailure(ExitCode.PASSWORD, "the two passwords differ");
    }
    return first;
  }

  private static CommandFailure noPassword() {
    return new CommandFailure(
        ExitCode.PASSWORD,
        "no password: set KOPIA_PASSWORD, or give --password-file, or run on a terminal");
  }

  private Optional<String> givenPassword() throws IOException {
    if (options.password != null) {
      return Optional.of(options.password.strip());
    }
    if (options.passwordFile != null) {
      return Optional.of(readPassword(options.passwordFile));
    }
    return terminal.variable("KOPIA_PASSWORD").map(String::strip);
  }

  private String readPassword(String from) throws IOException {
    try (InputStream in = openPassword(from)) {
      var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      var line = new StringBuilder();
      for (int c = reader.read(); c >= 0 && c != '\n'; c = reader.read()) {
        if (line.length() >= MAX_PASSWORD_CHARS) {
          throw new CommandFailure(
              ExitCode.PASSWORD, "--password-file: the first line is too long for a password");
        }
        line.append((char) c);
      }
      String password = line.toString();
      return password.endsWith("\r") ? password.substring(0, password.length() - 1) : password;
    }
  }

  private InputStream openPassword(String from) throws IOException {
    if (from.equals("-")) {
      return terminal.in();
    }
    if (from.startsWith("fd:")) {
      return new FileInputStream("/dev/fd/" + from.substring(3));
    }
    return Files.newInputStream(terminal.workingDirectory().resolve(from));
  }
}
