package dev.longshore.engine.block;

import static dev.longshore.engine.block.BlockWorld.MIB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Velero's layout as Kopia's own library wrote it, without the data.
class BlockGoldenTest {
  @TempDir Path folder;

  @Test
  void theSameBlocksMakeTheSameListDirectoryAndManifest() throws Exception {
    try (BlockWorld world =
        BlockWorld.open(
            FilesystemStore.open(FilesystemOptions.of(Fixtures.veleroBlock(folder).toString())))) {
      List<SnapshotManifest> snapshots = world.snapshots();
      assertEquals(2, snapshots.size());
      SnapshotManifest snapshot = snapshots.getFirst();
      assertEquals(
          new BlockTags(5_767_680, "vol-1", "snap-1"), BlockTags.of(snapshot).orElseThrow());
      ObjectId list = world.file(snapshot).objectId();
      assertEquals("Ix5210f6384152ab7f5f199e9e87db9697", list.toString());
      List<ObjectId> blocks = blocks(world, list);
      assertEquals(6, blocks.size());
      assertEquals(blocks.get(1), blocks.get(3));
      try (RepositoryWriter writer = world.repository.openWriter(BlockWorld.WRITE)) {
        assertEquals(list, list(writer, blocks));
        ObjectId directory = directory(writer, snapshot, list);
        assertEquals(BlockLayout.root(6L * MIB, directory), snapshot.root().orElseThrow());
      }
      SnapshotManifest own =
          new SnapshotManifest(
              null,
              snapshot.source(),
              BlockLayout.DESCRIPTION,
              snapshot.startNanos(),
              snapshot.endNanos(),
              BlockLayout.stats(6L * MIB),
              "",
              snapshot.root().orElseThrow(),
              snapshot.tags(),
              List.of(BlockLayout.PIN));
      assertEquals(
          new String(snapshot.encode(), java.nio.charset.StandardCharsets.UTF_8),
          new String(own.encode(), java.nio.charset.StandardCharsets.UTF_8));
      assertTrue(
          snapshot
              .tags()
              .entrySet()
              .containsAll(BlockTags.of(snapshot).orElseThrow().toMap().entrySet()));
    }
  }

  @Test
  void anIncrementalOfTheFixtureDiffersInTheBlockThatChanged() throws Exception {
    try (BlockWorld world =
        BlockWorld.open(
            FilesystemStore.open(FilesystemOptions.of(Fixtures.veleroBlock(folder).toString())))) {
      List<SnapshotManifest> snapshots = world.snapshots();
      List<ObjectId> blocks = blocks(world, world.file(snapshots.getFirst()).objectId());
      ObjectId second = world.file(snapshots.getLast()).objectId();
      assertTrue(second.toString().startsWith("Ix65cab"), second.toString());
      List<ObjectId> changed = blocks(world, second);
      blocks.set(3, changed.get(3));
      assertEquals(changed, blocks);
      try (RepositoryWriter writer = world.repository.openWriter(BlockWorld.WRITE)) {
        assertEquals(second, list(writer, blocks));
      }
    }
  }

  private static List<ObjectId> blocks(BlockWorld world, ObjectId list) throws Exception {
    List<ObjectId> blocks = new ArrayList<>();
    world.repository.objects().forEachChunk(list, (_, _, block) -> blocks.add(block));
    return blocks;
  }

  private static ObjectId list(RepositoryWriter writer, List<ObjectId> blocks) throws Exception {
    ObjectOptions options =
        new ObjectOptions(
            BlockLayout.LIST_PREFIX,
            Optional.of(Compression.ZSTD_FASTEST),
            Optional.empty(),
            SplitterAlgorithm.byName(BlockLayout.LIST_SPLITTER));
    try (var list = writer.objectWriters().openList(options)) {
      for (ObjectId block : blocks) {
        list.append(MIB, block);
      }
      return list.result();
    }
  }

  private static ObjectId directory(
      RepositoryWriter writer, SnapshotManifest snapshot, ObjectId list) throws Exception {
    byte[] text = BlockLayout.directory(snapshot.source().path(), 6L * MIB, list);
    ObjectOptions options =
        new ObjectOptions(
            BlockLayout.DIRECTORY_PREFIX, Optional.empty(), Optional.empty(), Optional.empty());
    try (ObjectWriter object = writer.objectWriters().open(options)) {
      object.write(text, 0, text.length);
      return object.result();
    }
  }
}
