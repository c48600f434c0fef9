package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SyncCommandsTest extends CommandLineCase {
  private Path copy() {
    return folder.resolve("copy");
  }

  private OwnRepo.Outcome sync(String... options) {
    var command =
        new java.util.ArrayList<>(
            java.util.List.of("repository", "sync-to", "filesystem", "--path=" + copy()));
    command.addAll(java.util.List.of(options));
    return repo.tryRun(command.toArray(String[]::new));
  }

  private String synced(String... options) {
    OwnRepo.Outcome outcome = sync(options);
    assertEquals(0, outcome.status(), outcome.err());
    assertEquals("", outcome.out());
    return outcome.err();
  }

  private OwnRepo copyUser() throws IOException {
    var other = new OwnRepo(Files.createDirectories(folder.resolve("other home")), PASSWORD);
    other.run(
        "repository",
        "connect",
        "filesystem",
        "--path=" + copy(),
        "--override-hostname=host",
        "--override-username=user");
    return other;
  }

  @Test
  void aCopyIsARepositoryOfTheSamePassword() throws IOException {
    createRepository();
    SampleTree.make(tree(), 5, 1 << 20);
    snapshot();
    String said = synced();
    assertMatches(
        """
        Synchronizing repositories:
          Source:      Filesystem: \\S+store
          Destination: Filesystem: \\S+copy
        NOTE: By default no BLOBs are deleted, pass --delete to allow it.
        Looking for BLOBs to synchronize...
          Found \\d+ BLOBs \\([^)]+B\\) in the source repository, \\d+ \\([^)]+B\\) to copy
          Found 0 BLOBs to delete \\(0 B\\), 0 in sync \\(0 B\\)
        Copying...
          Copied \\d+ blobs \\([^)]+B\\)
        """,
        said);
    assertContains("  Copied 0 blobs (0 B)\n", synced("--verify=all", "--times", "--delete"));
    OwnRepo other = copyUser();
    Path restored = folder.resolve("restored");
    other.run("snapshot", "verify", "--verify-files-percent=100");
    other.run("restore", tree().toString(), restored.toString());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(restored));
  }

  @Test
  void aDryRunMakesNothing() throws IOException {
    createRepository();
    Files.createDirectories(copy());
    assertContains("Nothing was changed.\n", synced("--dry-run"));
    try (var files = Files.list(copy())) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".f")));
    }
  }

  @Test
  void refusesWhatIsNoCopyOfThisRepository() throws IOException {
    createRepository();
    assertEquals(ExitCode.NOT_FOUND.number(), sync("--must-exist").status());
    assertEquals(ExitCode.USAGE.number(), sync("--verify=twice").status());
    assertEquals(ExitCode.USAGE.number(), sync("--parallel=0").status());
    var stranger = new OwnRepo(Files.createDirectories(folder.resolve("stranger")), PASSWORD);
    stranger.run("repository", "create", "filesystem", "--path=" + copy());
    OwnRepo.Outcome refused = sync();
    assertEquals(ExitCode.EXISTS.number(), refused.status(), refused.err());
    assertContains("there is another repository in Filesystem: ", refused.err());
    assertTrue(refused.err().endsWith("nothing was copied\n"), refused.err());
  }
}
