package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class UpgradeCommandsTest extends CommandLineCase {
  private OwnRepo.Outcome begin(String... more) {
    var command =
        new java.util.ArrayList<>(
            java.util.List.of(
                "repository",
                "upgrade",
                "begin",
                "--allow-unsafe-upgrade",
                "--io-drain-timeout=100ms",
                "--status-poll-interval=50ms",
                "--max-permitted-clock-drift=50ms"));
    command.addAll(java.util.List.of(more));
    return repo.tryRun(command.toArray(String[]::new));
  }

  @Test
  void anUpgradeLocksOthersOutAndCanBeTakenBackOrEnded() throws IOException {
    createRepository("--format-version=1");
    SampleTree.make(tree(), 1, 200_000);
    snapshot();
    OwnRepo.Outcome begun = begin("--commit-mode=never");
    assertEquals(0, begun.status(), begun.err());
    assertContains("index validation succeeded\n", begun.err());
    assertContains(
        "the repository is being upgraded by user@host", fails(ExitCode.BUSY, "snapshot", "list"));
    OwnRepo.Outcome other = begin("--upgrade-owner-id=somebody");
    assertEquals(ExitCode.BUSY.number(), other.status(), other.err());
    repo.run("repository", "upgrade", "validate");
    fails(ExitCode.USAGE, "repository", "upgrade", "rollback");
    repo.run("repository", "upgrade", "rollback", "--force");
    assertContains("Format version:      1\n", repo.run("status"));
    snapshot();
    OwnRepo.Outcome whole = begin();
    assertEquals(0, whole.status(), whole.err());
    assertTrue(whole.err().endsWith("Repository has been successfully upgraded.\n"), whole.err());
    assertContains("Format version:      3\n", repo.run("status"));
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertContains("up to date", begin().err());
    fails(ExitCode.NOT_FOUND, "repository", "upgrade", "rollback", "--force");
    fails(ExitCode.USAGE, "repository", "upgrade", "begin", "--io-drain-timeout=1m");
  }

  @Test
  void setParametersUpgradesAtOnce() throws IOException {
    createRepository("--format-version=1");
    SampleTree.make(tree(), 1, 200_000);
    snapshot();
    repo.run(
        "repository",
        "set-parameters",
        "--upgrade",
        "--epoch-min-duration=48h",
        "--max-pack-size-mb=40");
    String status = repo.run("status");
    assertContains("Format version:      2\n", status);
    assertContains("minimum 48h0m0s", status);
    assertContains("Max pack length:     41.9 MB", status);
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    OwnRepo.Outcome again = repo.tryRun("repository", "set-parameters", "--upgrade");
    assertEquals(0, again.status(), again.err());
    assertContains("nothing to upgrade", again.err());
  }
}
