package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.S3Servers;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line on a bucket of a real S3 server, alone and beside the real Kopia.
class S3IT {
  private static final String PASSWORD = "a password";

  @TempDir static Path folder;
  private static ServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(S3Servers.hasProxy(), "S3Proxy is fetched by the build of the module s3proxy");
    server = S3Servers.startProxy(folder, "bucket");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static String[] command(String verb, String prefix, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "repository",
                verb,
                "s3",
                "--bucket=bucket",
                "--endpoint=" + server.address(),
                "--disable-tls",
                "--prefix=" + prefix,
                "--override-hostname=host",
                "--override-username=user"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static String[] withKeys(String verb, String prefix) {
    return command(
        verb,
        prefix,
        "--access-key=" + S3Servers.ACCESS_KEY,
        "--secret-access-key=" + S3Servers.SECRET_KEY);
  }

  private static Path source(String name) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source " + name));
    Files.write(source.resolve("large"), Seeds.bytes(Seeds.generator(name.length()), 30_000_000));
    for (int i = 0; i < 50; i++) {
      Files.writeString(source.resolve("small" + i), name + i);
    }
    return source;
  }

  private static void assertSame(Path source, Path restored) throws IOException {
    try (var files = Files.list(source)) {
      for (Path file : files.toList()) {
        Path other = restored.resolve(file.getFileName());
        assertEquals(-1, Files.mismatch(file, other), file.toString());
      }
    }
  }

  @Test
  void backsUpToABucketAndRestoresFromIt() throws Exception {
    var repo = new OwnRepo(Files.createDirectories(folder.resolve("own")), PASSWORD);
    Path source = source("alone");
    repo.run(withKeys("create", "alone/"));
    assertEquals(10, repo.tryRun(withKeys("create", "alone/")).status());
    repo.run("snapshot", "create", source.toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("alone-restored");
    repo.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    String status = repo.run("status", "-t");
    assertTrue(status.contains("\"secretAccessKey\": \"***********\""), status);
    assertFalse(status.contains(S3Servers.SECRET_KEY));
    String token = status.substring(status.indexOf("--token ") + 8).strip();
    repo.run("repository", "disconnect");
    repo.run("repository", "connect", "from-config", "--token", token);
    repo.run("snapshot", "list");
  }

  @Test
  void keysMayComeFromTheEnvironmentAndWrongOnesAreRefused() throws Exception {
    Path home = Files.createDirectories(folder.resolve("environment"));
    var repo = new OwnRepo(home, PASSWORD);
    repo.with("AWS_ACCESS_KEY_ID", S3Servers.ACCESS_KEY);
    repo.with("AWS_SECRET_ACCESS_KEY", S3Servers.SECRET_KEY);
    repo.run(command("create", "environment/"));
    repo.with("AWS_SECRET_ACCESS_KEY", "wrong secret");
    OwnRepo.Outcome refused = repo.tryRun(command("connect", "environment/"));
    assertTrue(refused.err().contains("SignatureDoesNotMatch"), refused.err());
    assertFalse(refused.err().contains("wrong secret"), refused.err());
  }

  @Test
  void ourRepositoryIsKopiasToo() throws Exception {
    assumeTrue(Kopia.isThere(), Kopia.VARIABLE + " names no executable");
    var repo = new OwnRepo(Files.createDirectories(folder.resolve("ours")), PASSWORD);
    Kopia kopia = new Kopia(folder.resolve("ours-kopia"), PASSWORD);
    Path source = source("ours");
    repo.run(withKeys("create", "ours/"));
    repo.run("snapshot", "create", source.toString());
    kopia.run(withKeys("connect", "ours/"));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("ours-restored");
    kopia.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    Path second = source("ours, second");
    kopia.run("snapshot", "create", second.toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("cache", "clear", "--partial=blob-list"); // a list serves for 30 s, as Kopia's does
    assertTrue(repo.run("snapshot", "list").contains("ours, second"));
  }

  @Test
  void kopiasRepositoryIsOursToo() throws Exception {
    assumeTrue(Kopia.isThere(), Kopia.VARIABLE + " names no executable");
    var repo = new OwnRepo(Files.createDirectories(folder.resolve("theirs")), PASSWORD);
    Kopia kopia = new Kopia(folder.resolve("theirs-kopia"), PASSWORD);
    Path source = source("theirs");
    kopia.run(withKeys("create", "theirs/"));
    kopia.run("snapshot", "create", source.toString());
    repo.run(withKeys("connect", "theirs/"));
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    Path restored = folder.resolve("theirs-restored");
    repo.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    repo.run("snapshot", "create", source("theirs, second").toString());
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    // A connection of Kopia's is one of ours.
    var other = new OwnRepo(Files.createDirectories(folder.resolve("theirs-config")), PASSWORD);
    other.with("KOPIA_CONFIG_PATH", folder.resolve("theirs-kopia/repository.config").toString());
    assertTrue(other.run("snapshot", "list").contains("theirs, second"));
  }
}
