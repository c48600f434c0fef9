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
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `snapshot fix`: what is left of a snapshot is whole, and the rest of it is as it was.
class FixCommandTest extends DamageCase {
  private Created created = new Created("", "");

  @BeforeEach
  void backUp() throws IOException {
    createRepository();
    SampleTree.make(tree(), 5, 1 << 16);
    created = snapshot();
    Files.write(tree().resolve("later"), new byte[] {1, 2, 3});
    snapshot();
  }

  private OwnRepo.Outcome fix(String... words) {
    return repo.tryRun(
        Stream.concat(Stream.of("snapshot", "fix"), Arrays.stream(words)).toArray(String[]::new));
  }

  private OwnRepo.Outcome invalidFiles(String... options) {
    return fix(
        Stream.concat(
                Stream.of("invalid-files", "--verify-files-percent=100"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private List<String> ids() {
    return repo.run("snapshot", "list", "--show-identical", "--manifest-id")
        .lines()
        .filter(line -> line.contains("manifest:"))
        .map(line -> line.replaceAll(".*manifest:(\\w+).*", "$1"))
        .toList();
  }

  private SortedMap<String, String> restored(String id) throws IOException {
    Path target = folder.resolve("restored-" + id);
    repo.run("restore", id, target.toString());
    SortedMap<String, String> found = SampleTree.describe(target);
    found.remove("");
    return found;
  }

  @Test
  void nothingChangesWhereNothingIsWrong() {
    OwnRepo.Outcome outcome = invalidFiles("--commit");
    assertEquals(0, outcome.status(), outcome.err());
    assertContains("Processing snapshot user@host:" + tree(), outcome.err());
    assertContains("unchanged (" + created.id() + ")", outcome.err());
    assertContains("No changes.", outcome.err());
  }

  @Test
  void damagedFilesBecomeStubs() throws IOException {
    damage(created, "random.bin");
    List<String> before = ids();
    OwnRepo.Outcome look = invalidFiles();
    assertEquals(0, look.status(), look.err());
    assertContains("Fixed 2 snapshots, but snapshot manifests were not updated.", look.err());
    assertEquals(before, ids());
    OwnRepo.Outcome done = invalidFiles("--commit");
    assertContains("Fixed and committed 2 snapshots.", done.err());
    assertContains("delta:-", done.err());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertEquals(2, ids().size());
    SortedMap<String, String> found = restored(ids().getLast());
    assertFalse(found.containsKey("random.bin"));
    assertTrue(found.keySet().removeIf(".INVALID.random.bin"::equals));
    SortedMap<String, String> wanted = SampleTree.describe(tree());
    wanted.remove("");
    wanted.remove("random.bin");
    assertEquals(wanted, found);
    String stub =
        Files.readString(
            folder.resolve("restored-" + ids().getLast()).resolve(".INVALID.random.bin"));
    assertContains("\"name\": \"random.bin\"", checkedJson(stub));
  }

  @Test
  void damagedFilesAreKeptRemovedOrEndIt() throws IOException {
    damage(created, "random.bin");
    OwnRepo.Outcome failed = invalidFiles("--invalid-file-handling=fail", "--commit");
    assertEquals(ExitCode.DAMAGED.number(), failed.status(), failed.err());
    assertContains("No changes.", invalidFiles("--invalid-file-handling=keep", "--commit").err());
    assertEquals(ExitCode.USAGE.number(), invalidFiles("--invalid-file-handling=other").status());
    assertEquals(
        ExitCode.USAGE.number(), invalidFiles("--invalid-directory-handling=remove").status());
    assertContains(
        "Fixed and committed 1 snapshots.",
        invalidFiles("--invalid-file-handling=remove", "--commit", "--manifest-id=" + created.id())
            .err());
    assertContains(
        "Fixed and committed 1 snapshots.",
        invalidFiles("--invalid-file-handling=remove", "--commit", "--source=" + tree()).err());
    assertEquals(2, ids().size());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    assertFalse(restored(ids().getFirst()).containsKey("random.bin"));
  }

  @Test
  void damagedDirectoriesBecomeStubs() throws IOException {
    damage(created, "a/b");
    OwnRepo.Outcome done = fix("invalid-files", "--commit", "--parallel=1");
    assertEquals(0, done.status(), done.err());
    assertContains("invalid directory a/b", done.err());
    repo.run("snapshot", "verify", "--verify-files-percent=100");
    SortedMap<String, String> found = restored(ids().getFirst());
    assertTrue(found.containsKey("a/.INVALID.b"), "no stub among " + found.keySet());
    assertTrue(found.containsKey("text.txt"));
  }

  @Test
  void filesAreRemovedByNameAndByObject() throws IOException {
    assertEquals(ExitCode.USAGE.number(), fix("remove-files").status());
    assertEquals(ExitCode.USAGE.number(), fix("remove-files", "--filename=[").status());
    String row = repo.run("ls", "-l", created.root());
    String object =
        row.lines().filter(line -> line.endsWith(" one byte")).findFirst().orElseThrow();
    object = object.replaceAll(".* (\\w+) +one byte", "$1");
    OwnRepo.Outcome done =
        fix("remove-files", "--filename=small-*", "--object-id=" + object, "--commit");
    assertContains("will remove file a/b/small-0", done.err());
    assertContains("Fixed and committed 2 snapshots.", done.err());
    SortedMap<String, String> wanted = SampleTree.describe(tree());
    wanted.keySet().removeIf(name -> name.contains("small-") || name.equals("one byte"));
    wanted.remove("");
    assertEquals(wanted, restored(ids().getLast()));
  }

  @Test
  void kopiaVerifiesWhatWasFixed() throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE names no Kopia");
    Files.delete(damage(created, "random.bin"));
    var kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.connect(store());
    assertTrue(kopia.tryRun("snapshot", "verify").status() != 0);
    assertContains("Fixed and committed 2 snapshots.", fix("invalid-files", "--commit").err());
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    assertContains(".INVALID.random.bin", kopia.run("ls", "-r", ids().getLast()));
    repo.run("snapshot", "verify", "--verify-files-percent=100");
  }
}
