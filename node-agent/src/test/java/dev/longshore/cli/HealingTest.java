package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is damaged becomes sound again: by the next backup, by error correction, by another copy.
class HealingTest extends DamageCase {
  private static final String FULL = "--verify-files-percent=100";

  private Created backUp(String... options) throws IOException {
    createRepository(options);
    SampleTree.make(tree(), 5, 1 << 18);
    return snapshot();
  }

  private OwnRepo.Outcome create() {
    return repo.tryRun("snapshot", "create", tree().toString());
  }

  private void wholeForBoth(Created created) throws IOException {
    repo.run("snapshot", "verify", FULL, "--rehash");
    repo.run("content", "verify", "--full");
    Path target = folder.resolve("restored");
    repo.run("restore", created.id(), target.toString());
    assertEquals(SampleTree.describe(tree()), SampleTree.describe(target));
    if (Kopia.isThere()) {
      var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
      kopia.connect(store());
      kopia.run("snapshot", "verify", FULL);
      kopia.run("content", "verify", "--full");
      kopia.run("maintenance", "run", "--full", "--safety=none");
      kopia.run("snapshot", "verify", FULL);
    }
  }

  @Test
  void nextBackupHealsADamagedContentOfAnUnchangedFile() throws IOException {
    Created created = backUp();
    damage(created, "random.bin");
    OwnRepo.Outcome verify = repo.tryRun("content", "verify", "--full");
    assertEquals(ExitCode.DAMAGED.number(), verify.status(), verify.err());
    assertContains("Noted 1 damaged packs and contents", verify.err());
    OwnRepo.Outcome healing = create();
    assertContains("Healed 1 damaged contents", healing.err());
    wholeForBoth(created);
    assertFalse(create().err().contains("Healed"));
  }

  @Test
  void nextBackupHealsALostPack() throws IOException {
    Created created = backUp();
    Files.delete(damage(created, "random.bin"));
    OwnRepo.Outcome verify = repo.tryRun("snapshot", "verify");
    assertEquals(ExitCode.DAMAGED.number(), verify.status(), verify.err());
    assertContains("Healed", create().err());
    wholeForBoth(created);
  }

  @Test
  void nextBackupHealsADamagedDirectory() throws IOException {
    Created created = backUp();
    damage(created, "a/b");
    assertEquals(ExitCode.DAMAGED.number(), repo.tryRun("snapshot", "verify").status());
    assertContains("Healed 1 damaged contents", create().err());
    wholeForBoth(created);
  }

  @Test
  void withoutTheNoteNothingIsWrittenAnew() throws IOException {
    Created created = backUp();
    damage(created, "random.bin");
    repo.tryRun("content", "verify", "--full", "--no-note-damage");
    assertFalse(create().err().contains("Healed"));
    assertEquals(ExitCode.DAMAGED.number(), repo.tryRun("snapshot", "verify", FULL).status());
  }

  @Test
  void errorCorrectionBringsBackWhatIsReadAndRepairWritesItAnew() throws IOException {
    Created created = backUp("--ecc=REED-SOLOMON-CRC32", "--ecc-overhead-percent=2");
    damage(created, "random.bin");
    assertContains(
        "1 contents are damaged and were brought back by error correction",
        repo.tryRun("content", "verify", "--full").err());
    OwnRepo.Outcome repaired = repo.tryRun("content", "verify", "--full", "--repair");
    assertEquals(0, repaired.status(), repaired.err());
    assertContains("Repaired 1 contents that error correction had brought back", repaired.err());
    assertFalse(repo.tryRun("content", "verify", "--full").err().contains("error correction"));
    damage(created, "text.txt");
    assertContains(
        "Repaired 1 contents that error correction",
        repo.tryRun("snapshot", "verify", FULL, "--repair").err());
    wholeForBoth(created);
  }

  @Test
  void repairTakesACopyThatOnlyAPackTellsOf() throws IOException {
    Created created = backUp();
    Path old = firstPack();
    var command =
        new ArrayList<>(
            List.of("content", "rewrite", "--safety=none", "--dangerous-commands=enabled"));
    repo.run("content", "list", "--non-prefixed").lines().forEach(command::add);
    repo.run(command.toArray(String[]::new));
    assertTrue(Files.exists(old));
    damage(created, "random.bin");
    OwnRepo.Outcome repaired = repo.tryRun("content", "verify", "--full", "--repair");
    assertEquals(0, repaired.status(), repaired.err());
    assertContains("and 1 of which another copy was left; 0 are lost", repaired.err());
    wholeForBoth(created);
  }

  private Path firstPack() throws IOException {
    String id = repo.run("content", "list", "-l", "--non-prefixed").lines().findFirst().orElse("");
    return blob(id.replaceAll(".* (p\\S+) .*", "$1"));
  }

  @Test
  void lostContentsAreCounted() throws IOException {
    Created created = backUp();
    damage(created, "random.bin");
    OwnRepo.Outcome repaired = repo.tryRun("snapshot", "verify", FULL, "--repair");
    assertEquals(ExitCode.DAMAGED.number(), repaired.status(), repaired.err());
    assertContains("1 are lost", repaired.err());
  }

  @Test
  void piecesMakeAWholePass() throws IOException {
    Created created = backUp();
    for (int i = 0; i < 3; i++) {
      Files.write(tree().resolve("more" + i), new byte[] {1, 2, (byte) i});
      snapshot();
    }
    damage(created, "random.bin");
    for (String what : List.of("content", "snapshot")) {
      int found = 0;
      int runs = 0;
      boolean complete = false;
      String[] words = {what, "verify", "--max-bytes=1", "--resume"};
      while (!complete) {
        assertTrue(runs++ < 50, "no end");
        OwnRepo.Outcome outcome = repo.tryRun(words);
        found += outcome.status() == ExitCode.DAMAGED.number() ? 1 : 0;
        complete = outcome.err().contains("The pass is complete: " + runs + " runs");
      }
      assertEquals(1, found, what);
      assertTrue(runs >= 4, "a run for each pack: " + runs);
      OwnRepo.Outcome rest = repo.tryRun(what, "verify", "--resume");
      assertContains("The pass is complete: 1 runs", rest.err());
    }
    assertEquals(
        ExitCode.USAGE.number(),
        repo.tryRun("content", "verify", "--resume", "--prefix=a").status());
    assertEquals(
        ExitCode.USAGE.number(), repo.tryRun("content", "verify", "--max-bytes=much").status());
  }

  @Test
  void kopiaIsNotDisturbedByNotesAndStates() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE names no Kopia");
    Created created = backUp();
    damage(created, "random.bin");
    repo.tryRun("content", "verify", "--max-bytes=1");
    repo.tryRun("content", "verify", "--full");
    var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.connect(store());
    String manifests = kopia.run("manifest", "list");
    assertContains("type:longshore-damage", manifests);
    assertContains("type:longshore-verification", manifests);
    kopia.run("maintenance", "run", "--full", "--safety=none");
    kopia.run("snapshot", "create", tree().toString());
    assertContains("Healed 1 damaged contents", create().err());
    wholeForBoth(created);
  }
}
