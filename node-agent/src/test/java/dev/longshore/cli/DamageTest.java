package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bytes of the repository change or vanish: what is touched is named, the rest comes back.
class DamageTest extends DamageCase {
  private Created created = new Created("", "");

  @BeforeEach
  void backUp() throws IOException {
    createRepository();
    SampleTree.make(tree(), 5, 1 << 20);
    created = snapshot();
  }

  @Test
  void flippedBitIsFoundAndNamed() throws IOException {
    damage(created, "random.bin");
    OwnRepo.Outcome quick = repo.tryRun("snapshot", "verify");
    assertEquals(0, quick.status(), "nothing is read without a percentage: " + quick.err());
    OwnRepo.Outcome full = repo.tryRun("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(ExitCode.DAMAGED.number(), full.status(), full.err());
    assertContains("random.bin", full.err());
    assertFalse(full.err().contains("text.txt"), full.err());
    OwnRepo.Outcome json =
        repo.tryRun("snapshot", "verify", "--verify-files-percent=100", "--json");
    assertEquals(ExitCode.DAMAGED.number(), json.status(), json.err());
    assertContains("\"errorCount\":1,", checkedJson(json.out()));
    OwnRepo.Outcome contents = repo.tryRun("content", "verify", "--full");
    assertEquals(ExitCode.DAMAGED.number(), contents.status(), contents.err());
    assertContains("\"corruptedPacks\":1}", contents.err());
  }

  @Test
  void othersAreRestored() throws IOException {
    damage(created, "random.bin");
    Path target = folder.resolve("restored");
    OwnRepo.Outcome outcome = repo.tryRun("restore", created.root(), target.toString());
    assertEquals(ExitCode.INCOMPLETE.number(), outcome.status(), outcome.err());
    assertContains("random.bin", outcome.err());
    SortedMap<String, String> wanted = SampleTree.describe(tree());
    SortedMap<String, String> found = SampleTree.describe(target);
    wanted.remove("random.bin");
    found.remove("random.bin");
    wanted.remove("");
    found.remove("");
    assertEquals(wanted, found);
    assertEquals(
        ExitCode.DAMAGED.number(), repo.tryRun("show", created.root() + "/random.bin").status());
  }

  @Test
  void lostPackIsNamedWithoutReadingFiles() throws IOException {
    Files.delete(damage(created, "random.bin"));
    OwnRepo.Outcome verify = repo.tryRun("snapshot", "verify");
    assertEquals(ExitCode.DAMAGED.number(), verify.status(), verify.err());
    assertContains("random.bin", verify.err());
    assertEquals(ExitCode.DAMAGED.number(), repo.tryRun("content", "verify").status());
  }

  @Test
  void lostIndexIsRecoveredFromPacks() throws IOException {
    String contents = repo.run("content", "list");
    delete(store().resolve("x"));
    repo.run("cache", "clear");
    assertEquals("", repo.run("content", "list"));
    fails(ExitCode.USAGE, "index", "recover", "--commit");
    repo.run("index", "recover");
    assertEquals("", repo.run("content", "list"), "without --commit nothing is written");
    repo.run("index", "recover", "--commit", "--dangerous-commands=enabled");
    assertEquals(contents, repo.run("content", "list"));
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    repo.run("restore", created.root(), folder.resolve("restored").toString());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(folder.resolve("restored")));
  }

  @Test
  void damagedFormatBlobIsReported() throws IOException {
    Path format = store().resolve("kopia.repository.f");
    byte[] bytes = Files.readAllBytes(format);
    Files.delete(format);
    Files.write(format, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    repo.run("cache", "clear");
    failsInOneLine(ExitCode.DAMAGED, "status");
    Files.delete(format);
    failsInOneLine(ExitCode.NOT_FOUND, "status");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
