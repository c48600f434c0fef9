package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Azurite;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.engine.testkit.ServerProcess;
import dev.longshore.engine.testkit.Tunnel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line on a container of Azurite over TLS, alone and beside the real Kopia.
///
/// Kopia wants a name like Azure's own, which is why both go through a proxy that leads every name
/// to Azurite.
class AzureIT {
  private static final String PASSWORD = "a password";
  private static final String DOMAIN = "azurite.test";

  @TempDir static Path folder;
  private static ServerProcess server;
  private static Tunnel tunnel;
  private static SSLContext systems;
  private static Path certificate;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Azurite.find();
    assumeTrue(program.isPresent(), "no Node.js and npm to run Azurite");
    SelfSigned keys = SelfSigned.make(folder, "ip:127.0.0.1,dns:" + Azurite.ACCOUNT + "." + DOMAIN);
    certificate = keys.certificate();
    server = Azurite.start(program.orElseThrow(), folder, keys);
    Azurite.makeContainer(server, "container", keys);
    tunnel = new Tunnel(Integer.parseInt(server.address().split(":", 2)[1]));
    systems = SSLContext.getDefault();
    SSLContext.setDefault(keys.context());
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", Integer.toString(tunnel.port()));
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
    if (systems != null) {
      SSLContext.setDefault(systems);
    }
    if (tunnel != null) {
      tunnel.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static String[] command(String verb, String prefix, String key) {
    return new String[] {
      "repository",
      verb,
      "azure",
      "--container=container",
      "--storage-account=" + Azurite.ACCOUNT,
      "--storage-key=" + key,
      "--storage-domain=" + DOMAIN,
      "--prefix=" + prefix,
      "--override-hostname=host",
      "--override-username=user"
    };
  }

  private static String[] command(String verb, String prefix) {
    return command(verb, prefix, Azurite.KEY);
  }

  private static Kopia kopia(String name) {
    return new Kopia(folder.resolve(name), PASSWORD)
        .with("HTTPS_PROXY", "http://127.0.0.1:" + tunnel.port())
        .with("SSL_CERT_FILE", certificate.toString());
  }

  private static OwnRepo repo(String name) throws IOException {
    return new OwnRepo(Files.createDirectories(folder.resolve(name)), PASSWORD);
  }

  private static Path source(String name) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source " + name));
    Files.write(source.resolve("large"), Seeds.bytes(Seeds.generator(name.length()), 8_000_000));
    for (int i = 0; i < 20; i++) {
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
  void backsUpToAContainerAndRestoresFromIt() throws Exception {
    OwnRepo repo = repo("own");
    Path source = source("alone");
    repo.run(command("create", "alone/"));
    assertEquals(10, repo.tryRun(command("create", "alone/")).status());
    repo.run("snapshot", "create", source.toString());
    Path restored = folder.resolve("alone-restored");
    repo.run("restore", source.toString(), restored.toString());
    assertSame(source, restored);
    String status = repo.run("status", "-t");
    assertTrue(status.contains("\"storageKey\": \"***"), status);
    assertFalse(status.contains(Azurite.KEY));
    OwnRepo.Outcome refused = repo.tryRun(command("connect", "alone/", "d3Jvbmc="));
    assertTrue(refused.err().contains("AuthorizationFailure"), refused.err());
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
