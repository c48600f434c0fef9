package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The program is killed at any moment of a backup: what it said was saved is there, and the next
/// backup works. `-Dlongshore.kills=200` for a long run, `-Dlongshore.seed=N` for another one.
class KillTest extends CommandLineCase {
  private static final int KILLS = Integer.getInteger("longshore.kills", 6);
  private static final long SEED = Long.getLong("longshore.seed", 20261121);
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]+)\"");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Set<String> finished = new HashSet<>();

  @Test
  void finishedSnapshotsSurviveAKillAtAnyMoment() throws IOException, InterruptedException {
    createRepository();
    SampleTree.make(tree(), SEED, 4 << 20);
    // The default retention keeps ten: what it lets go would look lost.
    repo.run("policy", "set", "--global", "--keep-latest=100000");
    long begin = System.nanoTime();
    ChildProgram whole = start();
    assertEquals(0, whole.await(), whole.printed());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    finished.add(snapshot(new OwnRepo.Outcome(0, "", whole.printed(), new byte[0])).id());
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      change(i);
      // Each kill has its own part of the time that a backup takes.
      long delay = Math.round(millis * (i + random.nextDouble()) / KILLS);
      ChildProgram child = start();
      int status = child.killAfter(delay);
      String round = "seed " + SEED + " round " + i + " killed after " + delay + " ms";
      if (status == 0) {
        finished.add(snapshot(new OwnRepo.Outcome(0, "", child.printed(), new byte[0])).id());
      } else {
        killed++;
      }
      checkEverything(round);
      finished.add(snapshot().id());
      checkEverything(round + ", next backup");
    }
    assertTrue(killed > 0, "every backup was done before its kill");
    Path restored = folder.resolve("restored");
    repo.run("restore", tree().toString(), restored.toString());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(restored));
  }

  private ChildProgram start() throws IOException {
    return new ChildProgram(
        repo, folder.resolve("child.log"), "snapshot", "create", tree().toString());
  }

  private void checkEverything(String round) {
    OwnRepo.Outcome verify = repo.tryRun("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(0, verify.status(), () -> round + "\n" + verify.err());
    Set<String> listed = new HashSet<>();
    ID.matcher(repo.run("snapshot", "list", "--json"))
        .results()
        .forEach(found -> listed.add(found.group(1)));
    assertTrue(listed.containsAll(finished), () -> round + ": lost of " + finished);
  }

  private void change(int round) throws IOException {
    byte[] bytes = new byte[1 << 20];
    for (int i = 0; i < 4; i++) {
      random.nextBytes(bytes);
      Path to = Files.createDirectories(tree().resolve("changing/" + i));
      Files.write(to.resolve("file"), bytes);
    }
    Files.writeString(tree().resolve("changing/round " + round), "round " + round);
  }
}
