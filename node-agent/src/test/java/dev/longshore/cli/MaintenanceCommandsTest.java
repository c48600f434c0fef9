package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MaintenanceCommandsTest extends CommandLineCase {
  @BeforeEach
  void repository() throws IOException {
    createRepository();
    Files.createDirectories(tree());
    Files.writeString(tree().resolve("file"), "some content");
  }

  private String history() {
    return repo.run("maintenance", "info");
  }

  private Created quietSnapshot() {
    return snapshot(repo.tryRun("--no-auto-maintenance", "snapshot", "create", tree().toString()));
  }

  @Test
  void theOwnersBackupIsFollowedByWhatIsDue() {
    quietSnapshot();
    assertFalse(history().contains("snapshot-gc"), history());
    OwnRepo.Outcome outcome = repo.tryRun("snapshot", "create", tree().toString());
    assertEquals(0, outcome.status());
    assertContains("Running full maintenance...", outcome.err());
    assertContains("snapshot-gc:", history());
    assertContains("SUCCESS: Found 0(0 B) unreferenced contents", history());
    assertFalse(
        repo.tryRun("snapshot", "create", tree().toString()).err().contains("Running"),
        "nothing is due");
  }

  @Test
  void anotherClientMaintainsNothingUnlessForced() {
    repo.run("maintenance", "set", "--owner=someone@else");
    assertContains("someone@else", failsInOneLine(ExitCode.BUSY, "maintenance", "run", "--full"));
    assertFalse(repo.tryRun("snapshot", "create", tree().toString()).err().contains("Running"));
    repo.run("maintenance", "run", "--full", "--force");
    repo.run("maintenance", "set", "--owner=me");
    repo.run("maintenance", "run");
    assertContains("Owner: user@host\n", history());
  }

  @Test
  void dryRunsChangeNothing() throws IOException {
    Created made = quietSnapshot();
    repo.run("--no-auto-maintenance", "snapshot", "delete", "--delete", made.id());
    String before = repo.run("blob", "list");
    String err = repo.tryRun("maintenance", "run", "--full", "--safety=none", "--dry-run").err();
    assertContains("snapshot-gc: Found 2(", err);
    assertContains("nothing was changed", err);
    assertEquals(before, repo.run("blob", "list"));
    assertFalse(Files.exists(folder.resolve("home/repository.config.mlock")));
  }

  @Test
  void whatADeletedSnapshotHadIsGone() throws InterruptedException {
    Created made = quietSnapshot();
    repo.run("--no-auto-maintenance", "snapshot", "delete", "--delete", made.id());
    repo.run("maintenance", "run", "--full", "--safety=none");
    // What is marked may have a time up to some seconds ahead, which must have come.
    Thread.sleep(3000);
    OwnRepo.Outcome second = repo.tryRun("maintenance", "run", "--full", "--safety=none");
    assertContains("Requests: ", second.err());
    assertEquals("", repo.run("blob", "list", "--prefix=p"));
    fails(ExitCode.NOT_FOUND, "show", made.root());
    repo.run("content", "verify", "--full");
  }

  @Test
  void settingsAreKept() {
    repo.run(
        "maintenance",
        "set",
        "--no-enable-quick",
        "--full-interval=48h",
        "--max-retained-log-count=7",
        "--max-retained-log-age=24h",
        "--max-retained-log-size-mb=3",
        "--list-parallelism=5",
        "--pause-full=100h");
    String info = history();
    assertContains("Quick Cycle:\n  scheduled: false\n", info);
    assertContains("interval: 48h0m0s", info);
    assertContains("max count:       7", info);
    assertContains("max age of logs: 24h0m0s", info);
    assertContains("max total size:  3.1 MB", info);
    assertContains("List parallelism: 5", info);
    assertFalse(repo.tryRun("snapshot", "create", tree().toString()).err().contains("Running"));
    fails(ExitCode.USAGE, "maintenance", "set");
    fails(ExitCode.USAGE, "maintenance", "set", "--full-interval=yesterday");
  }

  /// The lock is of the kind that Kopia takes, so one of the JVM's does not count.
  @Test
  void locksOfAnotherKindDoNotMatter() throws IOException {
    var file = folder.resolve("home/repository.config.mlock");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertTrue(channel.isOpen());
      repo.run("maintenance", "run");
    }
  }

  @Test
  void snapshotsBeyondANumberOrASizeExpire() throws IOException {
    for (int i = 0; i < 5; i++) {
      Files.write(tree().resolve("file" + i), new byte[10_000 + i]);
      Files.writeString(tree().resolve("file"), "x".repeat(i * 1000));
      Created made = quietSnapshot();
      if (i == 0) {
        repo.run("snapshot", "pin", "--add=keep", made.id());
      }
    }
    String source = tree().toString();
    assertContains(
        "2 snapshot(s)", repo.tryRun("snapshot", "expire", "--max-snapshots=2", source).err());
    repo.run("snapshot", "expire", "--max-snapshots=3", "--delete", source);
    assertEquals(4, count());
    repo.run("snapshot", "expire", "--max-size=1", "--delete", source);
    assertEquals(2, count(), "the newest, and the one with a pin");
    fails(ExitCode.USAGE, "snapshot", "expire", "--max-size=much", source);
    fails(ExitCode.USAGE, "snapshot", "expire", "--max-snapshots=0", source);
  }

  @Test
  void singleTasksAskForConsent() {
    Created made = quietSnapshot();
    quietSnapshot();
    fails(ExitCode.USAGE, "blob", "gc");
    fails(ExitCode.USAGE, "content", "rewrite", "--short");
    fails(ExitCode.USAGE, "index", "optimize");
    String yes = "--dangerous-commands=enabled";
    assertContains("Found 0 packs", repo.tryRun("blob", "gc", yes).err());
    assertContains(
        "1 contents rewritten", repo.tryRun("content", "rewrite", yes, made.root()).err());
    OwnRepo.Outcome moved = repo.tryRun("content", "rewrite", yes, "--short", "--safety=none");
    assertEquals(0, moved.status(), moved.err());
    assertContains("left 0 for now", moved.err());
    OwnRepo.Outcome none =
        repo.tryRun("content", "rewrite", yes, "--short", "--pack-prefix=pnone", "--safety=none");
    assertContains("Found 0 contents", none.err());
    assertContains("kept 0", repo.tryRun("blob", "gc", yes, "--safety=none").err());
    assertContains(
        "Deleted ", repo.tryRun("blob", "gc", yes, "--safety=none", "--delete=yes").err());
    repo.run("index", "optimize", yes, "--drop-deleted-older-than=240h");
    repo.run("content", "verify", "--full");
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    fails(ExitCode.USAGE, "blob", "gc", yes, "--prefix=k");
    fails(ExitCode.USAGE, "content", "rewrite", yes);
    fails(ExitCode.USAGE, "content", "rewrite", yes, "--pack-prefix=q", made.root());
  }

  private int count() {
    return repo.run("snapshot", "list", "--json").split("\"startTime\"", -1).length - 1;
  }
}
