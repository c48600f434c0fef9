package dev.longshore.mover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.mover.run.Reasons;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockVolumeTest extends MoverCase {
  private static final long SIZE = (40L << 20) + 512;

  private Path image;

  @BeforeEach
  void prepare() throws IOException {
    assertEquals(DataMover.COMPLETED, run("prepare").status());
    image = temp.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      byte[] data = new byte[6 << 20];
      new SplittableRandom(1).nextBytes(data);
      file.setLength(SIZE);
      file.seek(3 << 20);
      file.write(data);
      file.seek(SIZE - 1000);
      file.write(data, 0, 1000);
    }
  }

  private Outcome backup(String... more) throws IOException {
    String[] options = Arrays.copyOf(more, more.length + 1);
    options[more.length] = "--volume-mode=Block";
    return super.backup(image, options);
  }

  private Path restored(String id) throws IOException {
    Path target = temp.resolve("restored-" + id);
    Files.createFile(target);
    Outcome outcome = restore(id, target, "--volume-mode=Block");
    assertEquals(DataMover.COMPLETED, outcome.status(), outcome.log());
    assertEquals(SIZE, outcome.report().totalBytes());
    return target;
  }

  @Test
  void bringsTheDeviceBack() throws Exception {
    TaskReport report = backup().report();

    assertEquals(TaskReport.Outcome.COMPLETED, report.outcome(), report.message());
    assertEquals(SIZE, report.totalBytes());
    assertEquals(SIZE, report.incrementalBytes());
    assertEquals("Block", report.details().get("mode"));
    assertEquals(-1, Files.mismatch(image, restored(report.snapshotId())));
  }

  @Test
  void goesOnWhereAnEarlierAttemptEnded() throws Exception {
    String id = backup().report().snapshotId();
    Path target = temp.resolve("half");
    Files.copy(image, target);
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "rw")) {
      byte[] other = new byte[4 << 20];
      Arrays.fill(other, (byte) 0xFF);
      file.seek(20 << 20);
      file.write(other);
      file.seek(SIZE - 500);
      file.write(1);
    }

    TaskReport report = restore(id, target, "--volume-mode=Block", "--continue").report();

    assertEquals(TaskReport.Outcome.COMPLETED, report.outcome(), report.message());
    assertEquals(-1, Files.mismatch(image, target));
    assertTrue(Long.parseLong(report.details().getOrDefault("unchangedBytes", "0")) >= 6 << 20);
  }

  @Test
  void makesTheTreeThatVeleroMakes() throws Exception {
    TaskReport report = backup().report();

    DirEntry root = snapshot(report.snapshotId()).root().orElseThrow();
    assertEquals(EntryType.DIRECTORY, root.type());
    assertEquals(image.toString(), root.name());
    try (Repository repository = open()) {
      DirEntry file = SnapshotTree.of(repository).child(root, image.toString()).orElseThrow();
      assertEquals(EntryType.FILE, file.type());
      assertEquals(SIZE, file.sizeBytes());
      assertEquals(0777, file.mode());
    }
  }

  @Test
  void countsWhatHasChanged() throws Exception {
    TaskReport first = backup().report();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.seek(5 << 20);
      file.write(new byte[] {1, 2, 3});
    }

    TaskReport second = backup().report();

    assertEquals(first.snapshotId(), second.details().get("parent"));
    assertTrue(
        second.incrementalBytes() > 0 && second.incrementalBytes() <= 16 << 20,
        second.incrementalBytes() + " bytes");
    assertEquals(-1, Files.mismatch(image, restored(second.snapshotId())));
  }

  @Test
  void refusesOtherKindsOfVolumes() throws Exception {
    Outcome directory = super.backup(temp, "--volume-mode=Block");
    assertEquals(Reasons.VOLUME_MISSING, directory.report().reason());
    assertEquals(Reasons.VOLUME_MISSING, super.backup(image).report().reason());
  }

  @Test
  void refusesToWriteATreeToADevice() throws Exception {
    Path tree = Files.createDirectory(temp.resolve("tree"));
    Files.writeString(tree.resolve("one"), "1");
    Files.writeString(tree.resolve("two"), "2");
    String id = super.backup(tree).report().snapshotId();

    Outcome outcome = restore(id, image, "--volume-mode=Block");
    assertEquals(Reasons.VOLUME_UNWRITABLE, outcome.report().reason());
  }
}
