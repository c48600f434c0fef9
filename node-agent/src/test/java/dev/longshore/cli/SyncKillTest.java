package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A copy is killed at any moment: what it had before it has, and the next run ends the work.
/// `-Dlongshore.kills=200` for the long run, `-Dlongshore.seed=N` for another one.
final class SyncKillTest extends CommandLineCase {
  private static final int KILLS = Integer.getInteger("longshore.kills", 4);
  private static final long SEED = Long.getLong("longshore.seed", 20261122);

  private final SplittableRandom random = new SplittableRandom(SEED);
  private int made;

  @Test
  void theNextCopyEndsWhatAKillCutShort() throws IOException, InterruptedException {
    createRepository();
    repo.run("policy", "set", "--global", "--keep-latest=100000");
    Files.createDirectories(tree());
    save();
    var reader = new OwnRepo(Files.createDirectories(folder.resolve("reader")), PASSWORD);
    long begin = System.nanoTime();
    ChildProgram whole = start();
    assertEquals(0, whole.await(), whole.printed());
    long millis = (System.nanoTime() - begin) / 1_000_000;
    reader.run("repository", "connect", "filesystem", "--path=" + copy());
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      int had = made;
      save();
      if (i % 2 == 0) {
        empty(copy());
        had = 0;
      }
      long delay = Math.round(millis * (i + random.nextDouble()) / KILLS);
      ChildProgram child = start();
      killed += child.killAfter(delay) == 0 ? 0 : 1;
      String round = "seed " + SEED + " round " + i + " killed after " + delay + " ms";
      OwnRepo.Outcome after = reader.tryRun("snapshot", "list", "--all", "--json");
      if (had == 0 && after.status() != 0) {
        assertEquals(ExitCode.NOT_FOUND.number(), after.status(), after.err());
      } else {
        assertTrue(count(after.out()) >= had, () -> round + after.err() + after.out());
      }
      OwnRepo.Outcome next = repo.tryRun("repository", "sync-to", "filesystem", "--path=" + copy());
      assertEquals(0, next.status(), () -> round + "\n" + next.err());
      OwnRepo.Outcome verify = reader.tryRun("snapshot", "verify", "--verify-files-percent=100");
      assertEquals(0, verify.status(), () -> round + "\n" + verify.err());
      assertEquals(made, count(reader.run("snapshot", "list", "--all", "--json")), () -> round);
    }
    assertTrue(killed > 0, "every copy was done before its kill");
  }

  private Path copy() {
    return folder.resolve("copy");
  }

  private ChildProgram start() throws IOException {
    return new ChildProgram(
        repo,
        folder.resolve("child.log"),
        "repository",
        "sync-to",
        "filesystem",
        "--path=" + copy());
  }

  private void save() throws IOException {
    for (int i = 0; i < 4; i++) {
      byte[] bytes = new byte[8 << 20];
      random.nextBytes(bytes);
      Files.write(tree().resolve("file" + i), bytes);
    }
    snapshot(repo.tryRun("--no-auto-maintenance", "snapshot", "create", tree().toString()));
    made++;
  }

  private static int count(String json) {
    return json.split("\"rootEntry\"", -1).length - 1;
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }
}
