package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the command line does with a store over a network, alone and beside the real Kopia. A
/// subclass says which.
abstract class RemoteInteropContract {
  static final String PASSWORD = "a password";

  @TempDir static Path folder;

  /// The options that say where the store is.
  ///
  /// @param prefix of the names of blobs
  abstract List<String> place(String prefix);

  /// The options that prove who we are.
  abstract List<String> keys();

  /// The secret among [#keys], as it is.
  abstract String secret();

  /// How `repository status -t` hides it.
  abstract String hiddenSecret();

  /// A Kopia that finds the server.
  Kopia kopia(String name) {
    return new Kopia(folder.resolve(name), PASSWORD);
  }

  static OwnRepo repo(String name) throws IOException {
    return new OwnRepo(Files.createDirectories(folder.resolve(name)), PASSWORD);
  }

  /// `repository create` or `connect`.
  final String[] command(String verb, String prefix, List<String> keys) {
    List<String> words = new ArrayList<>(List.of("repository", verb));
    words.addAll(place(prefix));
    words.addAll(List.of("--override-hostname=host", "--override-username=user"));
    words.addAll(keys);
    return words.toArray(String[]::new);
  }

  private String[] command(String verb, String prefix) {
    return command(verb, prefix, keys());
  }

  private static Path source(String name) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source " + name));
    Files.write(source.resolve("large"), Seeds.bytes(Seeds.generator(name.length()), 25_000_000));
    for (int i = 0; i < 50; i++) {
      Files.writeString(source.resolve("small" + i), name + i);
    }
    return source;
  }

  private static void assertSame(Path source, Path restored) throws IOException {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Path other = restored.resolve(file.getFileName());
        assertEquals(-1, Files.mismatch(file, other), file.toString());
      }
    }
  }

  @Test
  void backsUpAndRestores() throws Exception {
    OwnRepo repo = repo("own");
    Path source = source("alone");
    repo.run(command("create", "alone/"));
    assertEquals(10, repo.tryRun(command("create", "alone/")).status());
    repo.run("snapshot", "create", source.toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("alone-restored");
    repo.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    String status = repo.run("status", "-t");
    assertTrue(status.contains(hiddenSecret()), status);
    assertFalse(status.contains(secret()));
    String token = status.substring(status.indexOf("--token ") + 8).strip();
    repo.run("repository", "disconnect");
    repo.run("repository", "connect", "from-config", "--token", token);
    repo.run("snapshot", "list");
  }

  @Test
  void ourRepositoryIsKopiasToo() throws Exception {
    assumeTrue(Kopia.isThere(), Kopia.VARIABLE + " names no executable");
    OwnRepo repo = repo("ours");
    Kopia kopia = kopia("ours-kopia");
    Path source = source("ours");
    repo.run(command("create", "ours/"));
    repo.run("snapshot", "create", source.toString());
    kopia.run(command("connect", "ours/"));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("ours-restored");
    kopia.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    kopia.run("snapshot", "create", source("ours, second").toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("cache", "clear", "--partial=blob-list"); // a list serves for 30 s, as Kopia's does
    assertTrue(repo.run("snapshot", "list").contains("ours, second"));
    // A connection of ours is one of Kopia's.
    Kopia other =
        kopia("ours-config")
            .with("KOPIA_CONFIG_PATH", folder.resolve("ours/repository.config").toString());
    assertTrue(other.run("snapshot", "list", "--all").contains("ours, second"));
  }

  @Test
  void kopiasRepositoryIsOursToo() throws Exception {
    assumeTrue(Kopia.isThere(), Kopia.VARIABLE + " names no executable");
    OwnRepo repo = repo("theirs");
    Kopia kopia = kopia("theirs-kopia");
    Path source = source("theirs");
    kopia.run(command("create", "theirs/"));
    kopia.run("snapshot", "create", source.toString());
    repo.run(command("connect", "theirs/"));
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("theirs-restored");
    repo.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    repo.run("snapshot", "create", source("theirs, second").toString());
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    // A connection of Kopia's is one of ours.
    OwnRepo other =
        repo("theirs-config")
            .with("KOPIA_CONFIG_PATH", folder.resolve("theirs-kopia/repository.config").toString());
    assertTrue(other.run("snapshot", "list").contains("theirs, second"));
  }
}
