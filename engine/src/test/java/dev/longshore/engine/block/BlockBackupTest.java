package dev.longshore.engine.block;

import static dev.longshore.engine.block.BlockWorld.MIB;
import static dev.longshore.engine.block.BlockWorld.SOURCE;
import static dev.longshore.engine.block.BlockWorld.WRITE;
import static dev.longshore.engine.block.BlockWorld.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlockBackupTest {
  private static MemoryImage image(int size) {
    return MemoryImage.random(Seeds.generator(size), size);
  }

  private static BlockMap map(MemoryImage image, int... blocks) {
    BlockMap map = BlockMap.none(image.size());
    for (int block : blocks) {
      map.markBlock(block);
    }
    return map;
  }

  @Test
  void readsOnlyWhatADeltaNames() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(8 * MIB);
      BlockResult full = world.run(image, request("s1"));
      assertEquals(ChangeMode.FULL, full.report().mode());
      assertEquals("there is no earlier snapshot", full.report().reason());
      image.change(3 * MIB + 17, 1);
      image.readBytes.set(0);
      BlockResult next = world.run(image, request("s2", FixedTracker.delta(map(image, 3, 5))));
      assertEquals(ChangeReport.of(ChangeMode.DELTA), next.report());
      assertEquals(2 * MIB, image.readBytes.get());
      assertEquals(full.manifest().id(), next.parent());
      assertEquals(2, next.counts().readBlocks());
      assertEquals(1, next.counts().changedBlocks());
      assertArrayEquals(image.bytes, world.restore(next.manifest()));
      Map<String, String> tags = next.manifest().tags();
      assertEquals("delta", tags.get(BlockBackup.MODE_TAG));
      assertEquals("8388608", tags.get(BlockTags.SIZE));
      assertEquals("s2", tags.get(BlockTags.CHANGE_ID));
      assertFalse(tags.containsKey(BlockBackup.REASON_TAG));
    }
  }

  @Test
  void anEmptyDeltaReadsNothingAndGivesTheSameObject() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(3 * MIB);
      BlockResult full = world.run(image, request("s1"));
      image.readBytes.set(0);
      BlockResult next = world.run(image, request("s2", FixedTracker.delta(map(image))));
      assertEquals(0, image.readBytes.get());
      assertEquals(world.file(full.manifest()).objectId(), world.file(next.manifest()).objectId());
    }
  }

  @Test
  void everyStepOfTheLadderIsTakenAndTold() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = new MemoryImage(4 * MIB);
      image.change(MIB, 5);
      BlockResult first = world.run(image, request("s1", FixedTracker.allocated(map(image, 1))));
      assertEquals(
          new ChangeReport(ChangeMode.ALLOCATED, "there is no earlier snapshot", ""),
          first.report());
      assertEquals(MIB, image.readBytes.get());
      image.change(2 * MIB, 5);
      BlockResult second =
          world.run(image, request("s2", FixedTracker.allocated(map(image, 1, 2))));
      assertEquals(
          new ChangeReport(ChangeMode.ALLOCATED, "no delta", "UNAVAILABLE"), second.report());
      BlockResult third = world.run(image, request("s3", FixedTracker.nothing()));
      assertEquals(
          new ChangeReport(ChangeMode.HASH_COMPARE, "no delta; no allocation", "UNAVAILABLE"),
          third.report());
      assertEquals(0, third.counts().changedBlocks());
      BlockResult fourth = world.run(image, request("s4"));
      assertEquals(
          new ChangeReport(ChangeMode.HASH_COMPARE, "nobody tracks changes of this device", ""),
          fourth.report());
      for (BlockResult result : List.of(second, third, fourth)) {
        assertArrayEquals(image.bytes, world.restore(result.manifest()));
      }
      assertEquals("UNAVAILABLE", third.manifest().tags().get(BlockBackup.CODE_TAG));
    }
  }

  @Test
  void aDeltaOfAnotherVolumeIsNotAskedFor() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(2 * MIB);
      world.run(image, request("s1"));
      image.change(0, 2 * MIB);
      BlockRequest other =
          new BlockRequest(
              SOURCE,
              "",
              "other",
              "s2",
              new ParentChoice.Newest(),
              Optional.of(FixedTracker.delta(map(image))),
              Map.of(),
              List.of());
      BlockResult result = world.run(image, other);
      assertEquals(ChangeMode.HASH_COMPARE, result.report().mode());
      assertTrue(result.report().reason().contains("\"other\""), result.report().reason());
      assertArrayEquals(image.bytes, world.restore(result.manifest()));
    }
  }

  @Test
  void aListOfADeviceOfAnotherSizeIsNotBelieved() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(2 * MIB);
      world.run(image, request("s1"));
      image.change(0, 1);
      BlockResult result =
          world.run(image, request("s2", FixedTracker.delta(BlockMap.none(3L * MIB))));
      assertEquals(ChangeMode.HASH_COMPARE, result.report().mode());
      assertArrayEquals(image.bytes, world.restore(result.manifest()));
    }
  }

  @Test
  void sizesAroundBlocksGrowAndShrinkWithoutHelpOfTheList() throws Exception {
    int[] sizes = {
      512, MIB - 512, MIB, MIB + 512, 3 * MIB + 512, 3 * MIB - 512, 5 * MIB, 2 * MIB, MIB + 1
    };
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(sizes[0]);
      int number = 0;
      for (int size : sizes) {
        int before = image.bytes.length;
        image.resize(size);
        if (size > before) {
          // A volume that grows may bring old data with it.
          image.change(before, size - before);
        }
        BlockResult result =
            world.run(image, request("s" + number++, FixedTracker.delta(map(image))));
        assertArrayEquals(image.bytes, world.restore(result.manifest()), "size " + size);
        assertEquals(number == 1 ? ChangeMode.FULL : ChangeMode.DELTA, result.report().mode());
      }
    }
  }

  @Test
  void sampledBlocksShowThatAListOfChangesIsIncomplete() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      world.options = new BlockOptions(Optional.empty(), 4, 100, Duration.ofMinutes(5));
      MemoryImage image = image(6 * MIB);
      world.run(image, request("s1"));
      BlockResult honest = world.run(image, request("s2", FixedTracker.delta(map(image, 1))));
      assertEquals(ChangeMode.DELTA, honest.report().mode());
      assertEquals(5, honest.counts().sampledBlocks());
      image.change(4 * MIB, 1);
      BlockResult lied = world.run(image, request("s3", FixedTracker.delta(map(image, 1))));
      assertEquals(ChangeMode.HASH_COMPARE, lied.report().mode());
      assertTrue(lied.report().reason().contains("block 4"), lied.report().reason());
      assertArrayEquals(image.bytes, world.restore(lied.manifest()));
      BlockResult unused =
          world.run(image, request("s4", FixedTracker.allocated(map(image, 0, 1, 2, 3, 5))));
      assertEquals(ChangeMode.FULL, unused.report().mode());
      assertArrayEquals(image.bytes, world.restore(unused.manifest()));
    }
  }

  @Test
  void blocksThatTheParentHasLostAreReadAgain() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(4 * MIB);
      BlockResult full = world.run(image, request("s1"));
      world.repository.write(
          WRITE,
          writer -> {
            writer
                .objects()
                .forEachChunk(
                    world.file(full.manifest()).objectId(),
                    (start, length, block) -> {
                      if (start == 2L * MIB) {
                        writer.contents().delete(block.contentId());
                      }
                    });
            return true;
          });
      BlockResult next = world.run(image, request("s2", FixedTracker.delta(map(image, 0))));
      assertEquals(ChangeMode.DELTA, next.report().mode());
      assertEquals(1, next.counts().repairedBlocks());
      assertArrayEquals(image.bytes, world.restore(next.manifest()));
    }
  }

  @Test
  void aParentOfOtherPiecesIsNotBuiltOn() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(4 * MIB);
      BlockResult full = world.run(image, request("s1"));
      world.repository.write(
          WRITE,
          writer -> {
            ObjectId odd = twoHalves(writer, image);
            ObjectId directory;
            byte[] text = BlockLayout.directory(SOURCE.path(), 4L * MIB, odd);
            try (ObjectWriter object =
                writer
                    .objectWriters()
                    .open(
                        new ObjectOptions(
                            'k', Optional.empty(), Optional.empty(), Optional.empty()))) {
              object.write(text, 0, text.length);
              directory = object.result();
            }
            SnapshotManifest forged =
                full.manifest().withRoot(BlockLayout.root(4L * MIB, directory));
            return writer.manifests().put(forged.labels(), forged.encode());
          });
      world.delete(full.manifest().id().orElseThrow());
      image.change(0, 1);
      BlockResult next = world.run(image, request("s2", FixedTracker.delta(map(image, 0))));
      assertEquals(ChangeMode.FULL, next.report().mode());
      assertTrue(next.report().reason().contains("instead of block 0"), next.report().reason());
      assertArrayEquals(image.bytes, world.restore(next.manifest()));
    }
  }

  private static ObjectId twoHalves(RepositoryWriter writer, MemoryImage image)
      throws dev.longshore.engine.error.RepositoryException {
    ObjectOptions data =
        new ObjectOptions((char) 0, Optional.empty(), Optional.empty(), Optional.empty());
    ObjectOptions list =
        new ObjectOptions('x', Optional.empty(), Optional.empty(), Optional.empty());
    try (var odd = writer.objectWriters().openList(list)) {
      for (int half = 0; half < 2; half++) {
        odd.append(
            2L * MIB,
            writer
                .objectWriters()
                .submit(data, ByteBuffer.wrap(image.bytes, half * 2 * MIB, 2 * MIB))
                .await());
      }
      return odd.result();
    }
  }

  @Test
  void theChosenParentIsTakenOrItsAbsenceTold() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(2 * MIB);
      BlockResult first = world.run(image, request("s1"));
      world.run(image, request("s2"));
      assertEquals(
          first.manifest().id(), world.run(image, with(new ParentChoice.State("s1"))).parent());
      assertEquals(
          first.manifest().id(),
          world
              .run(image, with(new ParentChoice.Snapshot(first.manifest().id().orElseThrow())))
              .parent());
      BlockResult none = world.run(image, with(new ParentChoice.None()));
      assertEquals("full: a full backup was asked for", none.report().toString());
      BlockResult gone =
          world.run(
              image,
              with(new ParentChoice.Snapshot(new ManifestId("00112233445566778899aabbccddeeff"))));
      assertEquals(ChangeMode.FULL, gone.report().mode());
      assertTrue(gone.report().reason().contains("is not there"), gone.report().reason());
    }
  }

  private static BlockRequest with(ParentChoice parent) {
    return new BlockRequest(SOURCE, "", "vol", "", parent, Optional.empty(), Map.of(), List.of());
  }

  @Test
  void aCancelledBackupGoesOnWhereItWas() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(40 * MIB);
      int[] seen = {0};
      world.progress =
          new BlockProgress() {
            @Override
            public void read(long bytes) {
              if (++seen[0] == 10) {
                world.cancel.cancel();
              }
            }
          };
      assertThrows(InterruptedIOException.class, () -> world.run(image, request("s1")));
      assertEquals(1, world.snapshots().size());
      assertFalse(world.snapshots().getFirst().isComplete());
      world.cancel = new dev.longshore.engine.snapshot.CancelToken();
      image.readBytes.set(0);
      BlockResult result = world.run(image, request("s1"));
      assertEquals(10, result.counts().resumedBlocks());
      assertEquals(30L * MIB, image.readBytes.get());
      assertArrayEquals(image.bytes, world.restore(result.manifest()));
      assertEquals(1, world.snapshots().size());
    }
  }

  @Test
  void anotherStateDoesNotGoOnFromACheckpoint() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(6 * MIB);
      world.progress =
          new BlockProgress() {
            @Override
            public void read(long bytes) {
              world.cancel.cancel();
            }
          };
      assertThrows(InterruptedIOException.class, () -> world.run(image, request("s1")));
      world.cancel = new dev.longshore.engine.snapshot.CancelToken();
      world.progress = BlockProgress.NONE;
      image.change(0, 1);
      BlockResult result = world.run(image, request("s2"));
      assertEquals(0, result.counts().resumedBlocks());
      assertArrayEquals(image.bytes, world.restore(result.manifest()));
    }
  }

  @Test
  void checkpointsComeWithTimeAndGoWithTheEnd() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(8 * MIB);
      List<Integer> snapshots = new ArrayList<>();
      world.progress =
          new BlockProgress() {
            @Override
            public void read(long bytes) {
              world.clock.advance(Duration.ofMinutes(2));
            }

            @Override
            public void checkpointed() {
              try {
                world.repository.refresh();
                snapshots.add(world.snapshots().size());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            }
          };
      BlockResult result = world.run(image, request("s1"));
      assertEquals(List.of(1, 1), snapshots);
      assertEquals(List.of(result.manifest()), world.snapshots());
    }
  }

  @Test
  void aReadErrorEndsTheBackup() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = image(4 * MIB);
      image.failAt = 2 * MIB;
      IOException fault = assertThrows(IOException.class, () -> world.run(image, request("s1")));
      assertEquals("bad sector at " + 2 * MIB, fault.getMessage());
      assertEquals(List.of(), world.snapshots());
    }
  }

  @Test
  void zerosAreStoredOnceAndCompressedDataIsSmaller() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      MemoryImage image = new MemoryImage(32 * MIB);
      byte[] text = Seeds.text(Seeds.generator(1), 4 * MIB);
      System.arraycopy(text, 0, image.bytes, 0, text.length);
      BlockResult result = world.run(image, request("s1"));
      assertEquals(28, result.counts().zeroBlocks());
      assertEquals(4, result.counts().changedBlocks());
      assertArrayEquals(image.bytes, world.restore(result.manifest()));
      long[] stored = {0};
      world.repository.blobs().list("p", blob -> stored[0] += blob.lengthBytes());
      assertTrue(stored[0] < 3 * MIB, stored[0] + " bytes");
    }
  }

  @Test
  void anEmptyDeviceIsRefused() throws Exception {
    try (BlockWorld world = BlockWorld.create()) {
      assertThrows(
          dev.longshore.engine.error.UnsupportedException.class,
          () -> world.run(new MemoryImage(0), request("s1")));
    }
  }
}
