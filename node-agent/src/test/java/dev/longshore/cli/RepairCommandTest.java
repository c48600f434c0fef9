package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/// `repository repair`: the format blob comes back from packs.
class RepairCommandTest extends CommandLineCase {
  private Path format() {
    return store().resolve("kopia.repository.f");
  }

  private OwnRepo.Outcome repair(String... options) {
    var command =
        new ArrayList<>(List.of("repository", "repair", "filesystem", "--path=" + store()));
    command.addAll(List.of(options));
    return repo.tryRun(command.toArray(String[]::new));
  }

  private byte[] backedUp(int formatVersion) throws IOException {
    createRepository("--format-version=" + formatVersion);
    SampleTree.make(tree(), 5, 1 << 12);
    snapshot();
    return Files.readAllBytes(format());
  }

  @Test
  void bringsBackALostFormatBlob() throws IOException {
    byte[] before = backedUp(1);
    Files.delete(format());
    assertEquals(0, repair("--recover-format=no").status());
    OwnRepo.Outcome dry = repair("-n");
    assertEquals(0, dry.status(), dry.err());
    assertContains("Found the format blob", dry.err());
    assertFalse(Files.exists(format()));
    OwnRepo.Outcome done = repair();
    assertEquals(0, done.status(), done.err());
    assertArrayEquals(before, Files.readAllBytes(format()));
    repo.run("snapshot", "verify");
  }

  @Test
  void replacesADamagedFormatBlobButNotASoundOne() throws IOException {
    byte[] before = backedUp(1);
    assertContains("There is a format blob", repair().err());
    Files.delete(format());
    Files.write(format(), new byte[100]);
    assertContains("Recovered the format blob", repair().err());
    assertArrayEquals(before, Files.readAllBytes(format()));
    assertContains("Recovered the format blob", repair("--recover-format=yes").err());
    assertEquals(ExitCode.USAGE.number(), repair("--recover-format=maybe").status());
  }

  @Test
  void saysThatThereIsNoCopyWherePasswordsChange() throws IOException {
    backedUp(3);
    Files.delete(format());
    OwnRepo.Outcome outcome = repair();
    assertEquals(ExitCode.NOT_FOUND.number(), outcome.status(), outcome.err());
    assertContains("holds a copy of kopia.repository", outcome.err());
  }

  @Test
  void bringsBackWhatKopiaWrote() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE names no Kopia");
    var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.create(Files.createDirectories(store()), List.of("--format-version=1"));
    SampleTree.make(tree(), 5, 1 << 12);
    kopia.run("snapshot", "create", tree().toString());
    byte[] before = Files.readAllBytes(format());
    Files.delete(format());
    assertEquals(0, repair().status());
    assertArrayEquals(before, Files.readAllBytes(format()));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
  }
}
