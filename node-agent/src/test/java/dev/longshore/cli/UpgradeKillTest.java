package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// An upgrade is killed at any moment, that under a lock and that without one: it can be ended or
/// taken back, and nothing is lost. `-Dlongshore.kills=200` for the long run, `-Dlongshore.seed=N`
/// for another one.
final class UpgradeKillTest extends CommandLineCase {
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);
  private static final long SEED = Long.getLong("longshore.seed", 20261122);
  private static final String[] BEGIN = {
    "repository",
    "upgrade",
    "begin",
    "--allow-unsafe-upgrade",
    "--io-drain-timeout=100ms",
    "--status-poll-interval=50ms",
    "--max-permitted-clock-drift=50ms"
  };
  private static final String[] AT_ONCE = {"repository", "set-parameters", "--upgrade"};

  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void aKilledUpgradeIsEndedOrTakenBackAndLosesNothing() throws IOException, InterruptedException {
    createRepository("--format-version=1");
    SampleTree.make(tree(), SEED, 200_000);
    for (int i = 0; i < 3; i++) {
      Files.writeString(tree().resolve("changing"), "number " + i);
      snapshot(repo.tryRun("--no-auto-maintenance", "snapshot", "create", tree().toString()));
    }
    Path kept = folder.resolve("kept");
    replace(store(), kept);
    long millis = millisOfOne();
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      replace(kept, store());
      boolean atOnce = i % 3 == 2;
      long delay = Math.round(millis * (i + random.nextDouble()) / KILLS);
      var child = new ChildProgram(repo, folder.resolve("child.log"), atOnce ? AT_ONCE : BEGIN);
      killed += child.killAfter(delay) == 0 ? 0 : 1;
      String round = "seed " + SEED + " round " + i + " killed after " + delay + " ms";
      if (i % 3 == 1) {
        OwnRepo.Outcome back = repo.tryRun("repository", "upgrade", "rollback", "--force");
        boolean none = back.status() == ExitCode.NOT_FOUND.number(); // not begun, or ended
        assertTrue(back.status() == 0 || none, () -> round + "\n" + back.err());
        check(round + ", taken back");
      }
      if (atOnce) {
        OwnRepo.Outcome again = repo.tryRun(AT_ONCE);
        assertEquals(0, again.status(), () -> round + "\n" + again.err());
        check(round + ", moved");
      }
      OwnRepo.Outcome end = repo.tryRun(BEGIN);
      assertEquals(0, end.status(), () -> round + "\n" + end.err());
      check(round + ", ended");
      assertContains("Format version:      3\n", repo.run("status"));
      assertContains("n00000000000000000000000000000000", repo.run("blob", "list", "--prefix=n"));
    }
    assertTrue(killed > 0, "every upgrade was done before its kill");
  }

  private long millisOfOne() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var whole = new ChildProgram(repo, folder.resolve("child.log"), BEGIN);
    assertEquals(0, whole.await(), whole.printed());
    return (System.nanoTime() - begin) / 1_000_000;
  }

  private void check(String when) {
    OwnRepo.Outcome verify = repo.tryRun("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(0, verify.status(), () -> when + "\n" + verify.err());
    String listed = repo.run("snapshot", "list", "--json");
    assertEquals(3, listed.split("\"rootEntry\"", -1).length - 1, when);
  }

  private static void replace(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> files = Files.walk(to)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    try (Stream<Path> files = Files.walk(from)) {
      List<Path> all = files.toList();
      for (Path file : all) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
