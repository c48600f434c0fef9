package dev.longshore.engine.block;

import static dev.longshore.engine.block.BlockWorld.MIB;
import static dev.longshore.engine.block.BlockWorld.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// What we write is read by the real Kopia, and what Velero wrote is continued.
class BlockBackupInteropTest {
  /// Names a folder with the whole fixture of Velero's layout: `repository`, and the two states of
  /// the device, `dev1.img.gz` and `dev2.img.gz`.
  private static final String FIXTURE = "LONGSHORE_VELERO_BLOCK";

  @TempDir Path folder;

  private BlockWorld open(Path repository) throws IOException {
    return BlockWorld.open(FilesystemStore.open(FilesystemOptions.of(repository.toString())));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
  void kopiaListsVerifiesShowsAndRestoresWhatWeWrote() throws Exception {
    Path store = Files.createDirectory(folder.resolve("repo"));
    Kopia kopia = new Kopia(folder.resolve("kopia"), BlockWorld.PASSWORD);
    kopia.create(store, List.of());
    MemoryImage image = MemoryImage.random(Seeds.generator(3), 9 * MIB + 512);
    Arrays.fill(image.bytes, 3 * MIB, 6 * MIB, (byte) 0);
    BlockResult result;
    try (BlockWorld world = open(store)) {
      world.run(image, request("s1"));
      image.change(7 * MIB, 3);
      BlockMap delta = BlockMap.none(image.size());
      delta.mark(7L * MIB, 3);
      result = world.run(image, request("s2", FixedTracker.delta(delta)));
      assertEquals(ChangeMode.DELTA, result.report().mode());
      check(kopia, world, result, image);
    }
  }

  @Test
  @EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
  void kopiaReadsALongList() throws Exception {
    Path store = Files.createDirectory(folder.resolve("repo"));
    Kopia kopia = new Kopia(folder.resolve("kopia"), BlockWorld.PASSWORD);
    kopia.create(store, List.of());
    Path file = folder.resolve("image");
    try (BlockDevice image = BlockDevice.create(file, 2L << 30);
        BlockWorld world = open(store)) {
      BlockResult result = world.run(BlockSource.of(image), request("s1"));
      assertTrue(world.file(result.manifest()).objectId().toString().startsWith("IIx"));
      String id = result.manifest().root().orElseThrow().objectId().toString();
      kopia.run("snapshot", "verify", "--verify-files-percent=0");
      assertTrue(kopia.run("ls", "-l", id).contains("2147483648"));
    }
  }

  private void check(Kopia kopia, BlockWorld world, BlockResult result, MemoryImage image)
      throws IOException {
    String id = result.manifest().id().orElseThrow().value();
    assertTrue(kopia.run("snapshot", "list", "--all", "--manifest-id").contains(id));
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    Path target = folder.resolve("restored");
    kopia.run(
        "restore", result.manifest().root().orElseThrow().objectId().toString(), target.toString());
    byte[] restored = Files.readAllBytes(target.resolve(world.file(result.manifest()).name()));
    int size = image.bytes.length;
    assertArrayEquals(image.bytes, Arrays.copyOf(restored, size));
    assertArrayEquals(
        new byte[restored.length - size], Arrays.copyOfRange(restored, size, restored.length));
    Path shown = folder.resolve("shown");
    kopia.run("restore", world.file(result.manifest()).objectId().toString(), shown.toString());
    assertArrayEquals(restored, Files.readAllBytes(shown));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = FIXTURE, matches = ".+")
  void velerosSnapshotsAreReadAndContinued() throws Exception {
    Path fixture = Path.of(System.getenv(FIXTURE));
    Path store = folder.resolve("repo");
    copy(fixture.resolve("repository"), store);
    MemoryImage image = new MemoryImage(0);
    image.bytes = unpack(fixture.resolve("dev2.img.gz"));
    try (BlockWorld world = open(store)) {
      assertArrayEquals(
          unpack(fixture.resolve("dev1.img.gz")), world.restore(world.snapshots().getFirst()));
      assertArrayEquals(image.bytes, world.restore(world.snapshots().getLast()));
      BlockMap delta = BlockMap.none(image.size());
      delta.mark(3L * MIB, 1);
      BlockRequest request =
          new BlockRequest(
              BlockWorld.SOURCE,
              "",
              "vol-1",
              "snap-3",
              new ParentChoice.State("snap-1"),
              java.util.Optional.of(FixedTracker.delta(delta)),
              java.util.Map.of("snapshot-requester", "snapshot-data-upload-download"),
              List.of());
      BlockResult again = world.run(image, request);
      assertEquals(ChangeReport.of(ChangeMode.DELTA), again.report());
      // The same list that Velero made of the same device.
      assertEquals(
          world.file(world.snapshots().get(1)).objectId(), world.file(again.manifest()).objectId());
      image.change(0, 1);
      delta.mark(0, 1);
      BlockResult changed = world.run(image, request);
      assertEquals(1, changed.counts().changedBlocks() - again.counts().changedBlocks());
      assertArrayEquals(image.bytes, world.restore(changed.manifest()));
    }
  }

  private static byte[] unpack(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var paths = Files.walk(from)) {
      for (Path path : paths.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.write(target, Files.readAllBytes(path));
        }
      }
    }
  }
}
