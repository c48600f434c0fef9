package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.interop.OwnRepo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Backups of volumes and their restores are killed at any moment; the next run goes on, and moves
/// no byte again that was safe. `-Dlongshore.kills=50` for a long run, `-Dlongshore.seed=N` for
/// another one.
class BlockKillTest extends CommandLineCase {
  private static final int KILLS = Integer.getInteger("longshore.kills", 3);
  private static final long SEED = Long.getLong("longshore.seed", 20261122);
  private static final int MIB = 1 << 20;
  private static final int BLOCKS = 40;
  private static final int KILLED = 128 + 9;

  /// Lists, directories, manifests and indexes of all checkpoints of a run.
  private static final long OTHER_BYTES = 3L * MIB;

  private static final Pattern PARTS =
      Pattern.compile("\"totalSize\":([0-9]+)[^}]*}[^}]*\"incomplete\":\"checkpoint\"");
  private static final Pattern READ = Pattern.compile("Read ([0-9]+) \\(");
  private static final Pattern RESUMED =
      Pattern.compile("([0-9]+) come from an interrupted backup");
  private static final Pattern WRITTEN = Pattern.compile("\"written\":([0-9]+)");

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final byte[] bytes = new byte[BLOCKS * MIB];
  private Path image = Path.of("/nowhere");

  @BeforeEach
  void prepare() {
    image = folder.resolve("image");
    createRepository();
    repo.run("policy", "set", "--global", "--keep-latest=100000");
  }

  @Test
  void killedBackupGoesOnFromItsLastCheckpoint() throws IOException, InterruptedException {
    int killed = 0;
    int resumed = 0;
    for (int state = 0; killed < KILLS; state++) {
      random.nextBytes(bytes);
      Files.write(image, bytes);
      int safe = 0;
      while (true) {
        long before = stored();
        // Some are killed before they have written anything, and some get through.
        long limit = before + random.nextLong((BLOCKS - safe + 4L) * MIB);
        ChildProgram child = backup(state);
        int status = child.killWhen(() -> stored() > limit);
        String round = "seed " + SEED + " state " + state + "\n" + child.printed();
        // The blocks up to the checkpoint were neither read nor stored again.
        long written = stored() - before;
        long atMost = (long) (BLOCKS - safe) * MIB + OTHER_BYTES;
        assertTrue(written <= atMost, () -> written + " of " + atMost + " bytes, " + round);
        if (status == 0) {
          assertEquals(BLOCKS - safe, number(READ, child.printed()), round);
          assertEquals(safe, number(RESUMED, child.printed()), round);
          resumed += safe > 0 ? 1 : 0;
          checkRestored(child.printed(), round);
          break;
        }
        assertEquals(KILLED, status, round);
        killed++;
        int next = checkpointed();
        assertTrue(next >= safe, round);
        safe = next;
      }
    }
    assertTrue(resumed > 0, "no backup went on from a checkpoint");
    OwnRepo.Outcome verify = repo.tryRun("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(0, verify.status(), verify.err());
  }

  private ChildProgram backup(int state) throws IOException {
    return child(
        "snapshot",
        "create",
        "--layout=blocks",
        "--checkpoint-interval=20ms",
        "--volume-id=v",
        "--change-id=state-" + state,
        image.toString());
  }

  private ChildProgram child(String... command) throws IOException {
    return new ChildProgram(repo, folder.resolve("child.log"), command);
  }

  /// Bytes in the repository, unfinished packs included.
  private long stored() {
    try (Stream<Path> files = Files.walk(store())) {
      return files.mapToLong(BlockKillTest::length).sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // a file went away meanwhile
    }
  }

  private static long length(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Blocks that an interrupted backup has made safe.
  private int checkpointed() {
    String list = repo.run("snapshot", "list", "--all", "--incomplete", "--json");
    int most = 0;
    for (Matcher part = PARTS.matcher(list); part.find(); ) {
      most = Math.max(most, (int) (Long.parseLong(part.group(1)) / MIB));
    }
    return most;
  }

  private static int number(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  private void checkRestored(String printed, String round) throws IOException {
    Path target = folder.resolve("whole");
    String id = snapshot(new OwnRepo.Outcome(0, "", printed, new byte[0])).id();
    repo.run("restore", id, target.toString(), "--mode=raw");
    assertArrayEquals(bytes, Files.readAllBytes(target), round);
  }

  @Test
  void killedRestoreGoesOnWithWhatIsMissing() throws IOException, InterruptedException {
    random.nextBytes(bytes);
    Arrays.fill(bytes, 3 * MIB, 9 * MIB, (byte) 0);
    Files.write(image, bytes);
    String id = snapshot(repo.tryRun("snapshot", "create", "--layout=blocks", "" + image)).id();
    Path target = folder.resolve("target");
    int killed = 0;
    int kept = 0;
    while (killed < KILLS) {
      dirty(target);
      boolean whole = false;
      for (int run = 0; !whole; run++) {
        List<Integer> missing = differing(target);
        int limit = random.nextInt(missing.size() + 2);
        ChildProgram child =
            child("restore", id, target.toString(), "--mode=raw", "--in-place", "--json");
        int status = child.killWhen(written(target, missing, limit));
        String round = "seed " + SEED + " run " + run + "\n" + child.printed();
        if (status == 0) {
          long zeros = missing.stream().filter(block -> block >= 3 && block < 9).count();
          long written = (missing.size() - zeros) * MIB;
          assertEquals(written, number(WRITTEN, child.printed()), round);
          assertArrayEquals(bytes, Files.readAllBytes(target), round);
          kept += missing.size() < BLOCKS ? 1 : 0;
          whole = true;
        } else {
          assertEquals(KILLED, status, round);
          killed++;
        }
      }
    }
    assertTrue(kept > 0, "no restore went on from what was there");
  }

  /// All ones, or not there at all.
  private void dirty(Path target) throws IOException {
    Files.deleteIfExists(target);
    if (random.nextBoolean()) {
      byte[] ones = new byte[bytes.length];
      Arrays.fill(ones, (byte) 0xff);
      Files.write(target, ones);
    }
  }

  /// Blocks of the target that are not the volume's.
  private List<Integer> differing(Path target) throws IOException {
    byte[] there = Files.exists(target) ? Files.readAllBytes(target) : new byte[0];
    byte[] all = Arrays.copyOf(there, bytes.length);
    return Stream.iterate(0, block -> block + 1)
        .limit(BLOCKS)
        .filter(block -> !same(bytes, all, block))
        .toList();
  }

  private static boolean same(byte[] left, byte[] right, int block) {
    int from = block * MIB;
    return Arrays.equals(left, from, from + MIB, right, from, from + MIB);
  }

  /// Tells whether so many of some blocks have come to be the volume's.
  private BooleanSupplier written(Path target, List<Integer> missing, int limit) {
    return () -> {
      try {
        return missing.size() - differing(target).size() >= limit;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
