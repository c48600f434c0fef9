package dev.longshore.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kopia and Longshore write to one repository and maintain it by turns; time passes because the
/// blobs' times are moved back.
class MaintenanceIT {
  private static final String PASSWORD = "interop";
  private static final int ROUNDS = 4;
  private static final int SNAPSHOTS = 11;
  private static final String FULL = "--verify-files-percent=100";

  @TempDir Path folder;
  private Kopia kopia = new Kopia(Path.of("/nowhere"), PASSWORD);
  private OwnRepo repo = new OwnRepo(Path.of("/nowhere"), PASSWORD);
  private Path store = Path.of("/nowhere");
  private Path tree = store;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void bothMaintainWhatBothWrote(int version) throws IOException {
    assumeTrue(Kopia.isThere(), "KOPIA_EXE names no Kopia");
    store = folder.resolve("store");
    tree = Files.createDirectories(folder.resolve("tree"));
    kopia = new Kopia(folder.resolve("kopia-home"), PASSWORD);
    kopia.create(Files.createDirectories(store), List.of("--format-version=" + version));
    if (version > 1) {
      kopia.run(
          "repository",
          "set-parameters",
          "--epoch-refresh-frequency=1m",
          "--epoch-min-duration=10m",
          "--epoch-cleanup-safety-margin=3m",
          "--epoch-advance-on-count=10",
          "--epoch-checkpoint-frequency=2");
    }
    repo = new OwnRepo(Files.createDirectories(folder.resolve("own-home")), PASSWORD);
    repo.connect(store);

    for (int round = 0; round < ROUNDS; round++) {
      snapshots(round);
      maintain(round % 2 == 0, "--safety=none");
      age(Duration.ofHours(30));
      maintain(round % 2 == 1, "--safety=full");
      check();
    }
    if (version > 1) {
      long epoch = count("xe");
      assertTrue(epoch > 0, "no epoch began");
      assertTrue(count("xs") > 0, "no epoch was compacted");
      assertTrue(count("xr") > 0, "no range was compacted");
    }
    repo.run("maintenance", "run", "--full", "--safety=none");
    repo.run("maintenance", "run", "--full", "--safety=none");
    check();
    String kopiaSees = kopia.run("maintenance", "info");
    assertTrue(kopiaSees.contains("SUCCESS: Found "), kopiaSees);
    assertTrue(!kopiaSees.contains("ERROR"), kopiaSees);
    assertEquals(4, repo.run("snapshot", "list", "--json").split("\"startTime\"", -1).length - 1);
  }

  /// Snapshots of both programs; all but the last two of each round are deleted.
  private void snapshots(int round) throws IOException {
    for (int i = 0; i < SNAPSHOTS; i++) {
      Files.writeString(tree.resolve("f" + i % 3), "round " + round + " file " + i);
      Files.writeString(tree.resolve("same"), "the same in all snapshots");
      if (i % 4 == 3) {
        kopia.run("--no-auto-maintenance", "snapshot", "create", tree.toString());
      } else {
        repo.run("--no-auto-maintenance", "snapshot", "create", tree.toString());
      }
      age(Duration.ofMinutes(2));
    }
    List<String> ids =
        Stream.of(repo.run("snapshot", "list", "--json").split("\"id\":", -1))
            .skip(1)
            .map(part -> part.strip().substring(1).split("\"", 2)[0])
            .toList();
    int keep = 4;
    for (String id : ids.subList(0, Math.max(0, ids.size() - keep))) {
      repo.run("--no-auto-maintenance", "snapshot", "delete", "--delete", id);
    }
  }

  private void maintain(boolean ours, String safety) throws IOException {
    if (ours) {
      repo.run("maintenance", "run", "--full", safety);
    } else {
      kopia.run("maintenance", "run", "--full", safety);
    }
  }

  private void check() throws IOException {
    kopia.run("content", "verify", "--full");
    kopia.run("snapshot", "verify", FULL);
    repo.run("content", "verify", "--full");
    repo.run("snapshot", "verify", FULL);
  }

  private long count(String prefix) throws IOException {
    return kopia.run("blob", "list", "--prefix=" + prefix).lines().count();
  }

  /// Moves all blobs back in time.
  private void age(Duration duration) throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        FileTime time = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().minus(duration)));
      }
    }
  }
}
