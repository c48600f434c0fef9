package dev.longshore.engine.block;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/// A repository and the few steps that tests of block backups repeat.
final class BlockWorld implements AutoCloseable {
  static final int MIB = 1 << 20;
  static final SourceInfo SOURCE =
      new SourceInfo("default", "default", "snapshot-data-upload-download/velero-block/ns1/pvc1");
  static final WriteOptions WRITE = new WriteOptions("test", 2, 64L << 20);
  static final String PASSWORD = "static-passw0rd";

  final FakeClock clock = FakeClock.of2026();
  final Repository repository;
  BlockOptions options = BlockOptions.DEFAULTS;
  BlockProgress progress = BlockProgress.NONE;
  CancelToken cancel = new CancelToken();

  /// No two worlds name their packs alike.
  private static final AtomicInteger WORLDS = new AtomicInteger();

  private BlockWorld(BlobStore store) throws RepositoryException {
    ClientOptions client =
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15));
    this.repository =
        Repositories.open(
            store,
            PASSWORD,
            client,
            OpenOptions.of(clock, new SeededRandom(100 + WORLDS.incrementAndGet())));
  }

  static BlockWorld create() throws RepositoryException {
    return create(new MemoryStore(FakeClock.of2026()));
  }

  static BlockWorld create(BlobStore store) throws RepositoryException {
    Repositories.create(store, CreateOptions.DEFAULT, PASSWORD, new SeededRandom(1));
    return new BlockWorld(store);
  }

  static BlockWorld open(BlobStore store) throws RepositoryException {
    return new BlockWorld(store);
  }

  /// A request that names a state of volume `vol`, and the changes since the one before.
  static BlockRequest request(String state, ChangeTracker tracker) {
    return new BlockRequest(
        SOURCE,
        "",
        "vol",
        state,
        new ParentChoice.Newest(),
        Optional.of(tracker),
        Map.of(),
        List.of());
  }

  static BlockRequest request(String state) {
    return new BlockRequest(
        SOURCE, "", "vol", state, new ParentChoice.Newest(), Optional.empty(), Map.of(), List.of());
  }

  BlockResult run(BlockSource source, BlockRequest request) throws IOException {
    clock.advance(Duration.ofSeconds(1));
    try (RepositoryWriter writer = repository.openWriter(WRITE)) {
      return new BlockBackup(writer, options, progress, new Random(7)).run(source, request, cancel);
    }
  }

  /// What a snapshot holds: the device's bytes, after a check of what fills up its last block.
  byte[] restore(SnapshotManifest snapshot) throws RepositoryException {
    BlockTags tags = BlockTags.of(snapshot).orElseThrow();
    byte[] object = repository.objects().readAll(file(snapshot).objectId(), 256 << 20);
    for (int i = (int) tags.deviceBytes(); i < object.length; i++) {
      if (object[i] != 0) {
        throw new AssertionError("padding at " + i + " is not zero");
      }
    }
    return Arrays.copyOf(object, (int) tags.deviceBytes());
  }

  DirEntry file(SnapshotManifest snapshot) throws RepositoryException {
    try (RepositoryWriter writer = repository.openWriter(WRITE)) {
      return new ParentSearch(writer).onlyFile(SnapshotTree.root(snapshot));
    }
  }

  List<SnapshotManifest> snapshots() throws RepositoryException {
    return new SnapshotCatalog(repository.manifests()).of(SOURCE, Map.of()).snapshots();
  }

  void delete(ManifestId id) throws RepositoryException {
    repository.write(
        WRITE,
        writer -> {
          new SnapshotEditor(writer.manifests()).delete(List.of(id));
          return true;
        });
  }

  @Override
  public void close() throws RepositoryException {
    repository.close();
  }
}
