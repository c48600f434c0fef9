package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.longshore.interop.OwnRepo;
import dev.longshore.interop.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `doctor`: says what is wrong, and what it says to do helps.
class DoctorCommandTest extends DamageCase {
  private Created created = new Created("", "");

  @BeforeEach
  void backUp() throws IOException {
    createRepository();
    SampleTree.make(tree(), 5, 1 << 16);
    created = snapshot();
  }

  private OwnRepo.Outcome doctor(ExitCode code, String... options) {
    var command = new java.util.ArrayList<>(java.util.List.of("doctor"));
    command.addAll(java.util.List.of(options));
    OwnRepo.Outcome outcome = repo.tryRun(command.toArray(String[]::new));
    assertEquals(code.number(), outcome.status(), outcome.out() + outcome.err());
    return outcome;
  }

  @Test
  void healthyRepositoryIsHealthy() throws IOException {
    assertContains("The repository is healthy.", doctor(ExitCode.OK).out());
    String json = checkedJson(doctor(ExitCode.OK, "--full", "--json").out());
    assertContains("{\"healthy\":true,\"exitCode\":0,\"findings\":[],\"snapshots\":[]", json);
    assertFalse(json.contains(PASSWORD));
    try (Stream<Path> files = Files.walk(store())) {
      assertFalse(files.anyMatch(file -> file.toString().contains("doctor")));
    }
  }

  @Test
  void damagedContentIsTracedToItsFilesAndHealed() throws IOException {
    damage(created, "random.bin");
    String out = doctor(ExitCode.DAMAGED, "--full").out();
    assertContains("DAMAGE   contents: 1 contents are damaged.", out);
    assertContains("DAMAGE   snapshots: 1 of 1 snapshots cannot be restored in full", out);
    assertContains("Snapshot " + created.id() + " of user@host:" + tree(), out);
    assertContains("\n  random.bin: content", out);
    assertFalse(out.contains("text.txt"));
    assertContains(
        "\"entries\":[{\"path\":\"random.bin\"",
        checkedJson(doctor(ExitCode.DAMAGED, "--full", "--json").out()));
    assertContains(
        "Healed 1 damaged contents", repo.tryRun("snapshot", "create", tree().toString()).err());
    assertContains("The repository is healthy.", doctor(ExitCode.OK, "--full").out());
  }

  @Test
  void lostPackAndForeignBlobAreNamed() throws IOException {
    Path pack = damage(created, "random.bin");
    Files.delete(pack);
    Files.write(store().resolve("what-is-this.f"), new byte[] {1});
    String out = doctor(ExitCode.DAMAGED).out();
    assertContains("1 packs are missing, with", out);
    assertContains("WARNING  blobs: 1 blobs do not belong to a repository", out);
    assertContains("what-is-this", out);
  }

  @Test
  void damagedIndexIsMadeGoodByWhatIsSaid() throws IOException {
    Path index;
    try (Stream<Path> files = Files.walk(store().resolve("x"))) {
      index = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Files.setPosixFilePermissions(index, PosixFilePermissions.fromString("rw-------"));
    byte[] bytes = Files.readAllBytes(index);
    bytes[bytes.length / 2] ^= 1;
    Files.write(index, bytes);
    repo.run("cache", "clear");
    String out = doctor(ExitCode.DAMAGED).out();
    assertContains("DAMAGE   index: 1 index blobs are damaged", out);
    String[] commands =
        out.lines()
            .filter(line ->
                line.startsWith("         > repo index recover")
                    || line.startsWith("         > repo blob delete"))
            .map(line -> line.substring("         > repo ".length()))
            .distinct()
            .toArray(String[]::new);
    assertEquals(2, commands.length, out);
    for (String command : commands) {
      repo.run(command.split(" "));
    }
    assertContains("The repository is healthy.", doctor(ExitCode.OK, "--full").out());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
  }

  @Test
  void whyNothingCanBeLookedAtIsSaid() throws IOException {
    String wrong = new OwnRepo(folder.resolve("home"), "another password").tryRun("doctor").out();
    assertContains("DAMAGE   password:", wrong);
    assertFalse(wrong.contains("another password"));
    Path format = store().resolve("kopia.repository.f");
    byte[] kept = Files.readAllBytes(format);
    Files.delete(format);
    assertContains(
        "DAMAGE   format blob: kopia.repository is missing.", doctor(ExitCode.NOT_FOUND).out());
    Files.write(format, kept);
    assertContains("The repository is healthy.", doctor(ExitCode.OK).out());
    repo.run("repository", "disconnect");
    assertContains("DAMAGE   connection:", doctor(ExitCode.NOT_FOUND).out());
  }

  @Test
  void nobodyMaintainingIsAWarning() {
    repo.run("maintenance", "set", "--owner=somebody@else");
    assertContains("The repository is healthy.", doctor(ExitCode.OK).out());
    repo.run("maintenance", "set", "--enable-full=false");
    String out = doctor(ExitCode.OK).out();
    assertContains("WARNING  maintenance: Full maintenance is turned off", out);
    assertContains("Nothing is damaged; there are warnings.", out);
  }
}
