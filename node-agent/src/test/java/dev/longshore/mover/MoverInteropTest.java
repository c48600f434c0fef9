package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.testkit.Kopia;
import dev.longshore.interop.SampleTree;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Movers and the real Kopia on one repository.
class MoverInteropTest extends MoverCase {
  private Path volume;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(Kopia.isThere(), "no " + Kopia.VARIABLE);
    volume = temp.resolve("volume");
    SampleTree.make(volume, 1, 9 << 20);
    assertEquals(DataMover.COMPLETED, run("prepare").status());
  }

  private Kopia kopia() throws IOException {
    Kopia kopia = new Kopia(temp.resolve("kopia"), PASSWORD);
    kopia.connect(folder());
    return kopia;
  }

  @Test
  void kopiaTakesOurSnapshots() throws Exception {
    TaskReport report = backup(volume).report();
    Kopia kopia = kopia();

    String list = kopia.run("snapshot", "list", "--all");
    assertTrue(list.contains("default@default:" + SOURCE), list);
    assertTrue(list.contains("velero-pin"), list);
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    Path target = temp.resolve("by kopia");
    kopia.run("restore", report.snapshotId(), target.toString());
    assertEquals(SampleTree.describe(volume), SampleTree.describe(target));
  }

  @Test
  void kopiaTakesOurDevices() throws Exception {
    Path image = temp.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      byte[] data = new byte[5 << 20];
      new SplittableRandom(1).nextBytes(data);
      file.setLength(20 << 20);
      file.seek(7 << 20);
      file.write(data);
    }
    TaskReport report = backup(image, "--volume-mode=Block").report();
    Kopia kopia = kopia();

    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    String root = snapshot(report.snapshotId()).root().orElseThrow().objectId().toString();
    String list = kopia.run("ls", "-l", root);
    assertTrue(list.contains(image.toString()), list);
    assertTrue(list.contains(Integer.toString(20 << 20)), list);
  }

  @Test
  void weTakeKopiasSnapshots() throws Exception {
    Kopia kopia = kopia();
    kopia.run("snapshot", "create", volume.toString());
    String id = snapshots().getFirst().id().orElseThrow().toString();
    Path target = Files.createDirectory(temp.resolve("by us"));

    assertEquals(DataMover.COMPLETED, restore(id, target).status());
    assertEquals(SampleTree.describe(volume), SampleTree.describe(target));
  }

  @Test
  void kopiaTakesARepositoryThatWasMaintained() throws Exception {
    TaskReport report = backup(volume).report();
    assertEquals(DataMover.COMPLETED, run("maintain").status());
    Kopia kopia = kopia();

    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    String info = kopia.run("maintenance", "info");
    assertTrue(info.contains("default@default"), info);
    assertEquals(
        List.of(report.snapshotId()),
        snapshots().stream().map(s -> s.id().orElseThrow().toString()).toList());
  }
}
