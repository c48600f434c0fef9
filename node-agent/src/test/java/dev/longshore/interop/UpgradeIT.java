package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Either program upgrades what the other has made and goes on.
class UpgradeIT {
  private static final String PASSWORD = "a password";

  @TempDir Path folder;

  private OwnRepo create(Path store, Path tree) throws IOException {
    SampleTree.make(tree, 4, 200_000);
    var repo = new OwnRepo(Files.createDirectories(folder.resolve("own")), PASSWORD);
    repo.run(
        "repository",
        "create",
        "filesystem",
        "--path=" + store,
        "--format-version=1",
        "--override-hostname=host",
        "--override-username=user");
    repo.run("snapshot", "create", tree.toString());
    return repo;
  }

  @Test
  void kopiaGoesOnWhereOursWasUpgraded() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE is not set");
    Path store = folder.resolve("store");
    Path tree = folder.resolve("tree");
    OwnRepo repo = create(store, tree);
    var begun =
        repo.tryRun(
            "repository",
            "upgrade",
            "begin",
            "--allow-unsafe-upgrade",
            "--io-drain-timeout=200ms",
            "--status-poll-interval=100ms",
            "--max-permitted-clock-drift=100ms");
    assertEquals(0, begun.status(), begun.err());
    assertTrue(begun.err().contains("index validation succeeded\n"), begun.err());
    var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.connect(store);
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    Files.writeString(tree.resolve("more"), "more");
    kopia.run("snapshot", "create", tree.toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertTrue(repo.run("status").contains("Format version:      3\n"));
  }

  @Test
  void oursGoesOnWhereKopiaHasUpgraded() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE is not set");
    Path store = folder.resolve("store");
    Path tree = folder.resolve("tree");
    OwnRepo repo = create(store, tree);
    var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.connect(store);
    kopia.run("repository", "set-parameters", "--upgrade");
    Files.writeString(tree.resolve("more"), "more");
    repo.run("snapshot", "create", tree.toString());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
  }
}
