package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A maintenance is killed at any moment: every snapshot is whole, and the next one goes on where
/// it was and ends well. Without margins, so that each has packs to write anew and to delete; where
/// there are no epochs, quick ones as well. `-Dlongshore.kills=200` for the long run.
final class MaintenanceKillTest extends CommandLineCase {
  private static final int KILLS = Integer.getInteger("longshore.kills", 4);
  private static final long SEED = Long.getLong("longshore.seed", 20261121);
  private static final int SNAPSHOTS = 4;

  /// After so many kills one is left to end: in between, kills meet what kills have left.
  private static final int NEXT = 3;

  private final SplittableRandom random = new SplittableRandom(SEED);

  @ParameterizedTest
  @CsvSource({"3, true", "1, false"})
  void snapshotsSurviveAKillAtAnyMoment(int version, boolean full)
      throws IOException, InterruptedException {
    createRepository("--format-version=" + version);
    SampleTree.make(tree(), SEED, 1 << 20);
    repo.run("policy", "set", "--global", "--keep-latest=100000");
    prepare();
    long begin = System.nanoTime();
    ChildProgram whole = start(full);
    assertEquals(0, whole.await(), whole.printed());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      prepare();
      long delay = Math.round(millis * (i + random.nextDouble()) / KILLS);
      ChildProgram child = start(full);
      killed += child.killAfter(delay) == 0 ? 0 : 1;
      String round = "seed " + SEED + " round " + i + " killed after " + delay + " ms";
      check(round);
      if (i % NEXT == NEXT - 1) {
        ChildProgram next = start(full);
        assertEquals(0, next.await(), round + ", next\n" + next.printed());
        check(round + ", next");
      }
    }
    assertTrue(killed > 0, "every maintenance was done before its kill");
    ChildProgram last = start(full);
    assertEquals(0, last.await(), last.printed());
    check("the end");
  }

  /// Some snapshots, most of them deleted.
  private void prepare() throws IOException {
    for (int i = 0; i < SNAPSHOTS; i++) {
      byte[] bytes = new byte[200_000];
      random.nextBytes(bytes);
      Files.write(tree().resolve("changing"), bytes);
      Created made =
          snapshot(repo.tryRun("--no-auto-maintenance", "snapshot", "create", tree().toString()));
      if (i > 0) {
        repo.run("--no-auto-maintenance", "snapshot", "delete", "--delete", made.id());
      }
    }
  }

  private ChildProgram start(boolean full) throws IOException {
    return new ChildProgram(
        repo,
        folder.resolve("child.log"),
        "maintenance",
        "run",
        full ? "--full" : "--no-full",
        "--safety=none");
  }

  private void check(String round) {
    for (String[] command :
        new String[][] {
          {"snapshot", "verify", "--verify-files-percent=100"}, {"content", "verify", "--full"}
        }) {
      OwnRepo.Outcome verify = repo.tryRun(command);
      assertEquals(0, verify.status(), () -> round + "\n" + verify.err());
    }
  }
}
