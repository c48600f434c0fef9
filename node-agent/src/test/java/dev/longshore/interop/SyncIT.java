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

/// Copies that both programs make and bring up to date in turn.
class SyncIT {
  private static final String PASSWORD = "a password";

  @TempDir Path folder;

  @Test
  void bothProgramsContinueEachOthersCopy() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE is not set");
    Path store = folder.resolve("store");
    Path copy = folder.resolve("copy");
    Path tree = folder.resolve("tree");
    SampleTree.make(tree, 3, 1 << 20);
    var repo = new OwnRepo(Files.createDirectories(folder.resolve("own")), PASSWORD);
    repo.run(
        "repository",
        "create",
        "filesystem",
        "--path=" + store,
        "--override-hostname=host",
        "--override-username=user");
    repo.run("snapshot", "create", tree.toString());
    repo.run("repository", "sync-to", "filesystem", "--path=" + copy);

    var source = new Kopia(folder.resolve("kopia"), PASSWORD);
    source.connect(store);
    Files.writeString(tree.resolve("more"), "more");
    source.run("snapshot", "create", tree.toString());
    source.run("repository", "sync-to", "filesystem", "--path=" + copy, "--must-exist");

    Files.writeString(tree.resolve("yet more"), "yet more");
    repo.run("snapshot", "create", tree.toString());
    var last = repo.tryRun("repository", "sync-to", "filesystem", "--path=" + copy);
    assertEquals(0, last.status(), last.err());
    assertTrue(last.err().contains(" in sync ("), last.err());

    var reader = new Kopia(folder.resolve("reader"), PASSWORD);
    reader.connect(copy);
    reader.run("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(3, reader.run("snapshot", "list", "--json").split("\"rootEntry\"", -1).length - 1);
  }
}
