package dev.longshore.engine.snapshot;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A repository in memory and the few steps that tests of snapshots repeat.
final class TestRepository implements AutoCloseable {
  static final SourceInfo SOURCE = new SourceInfo("host", "user", "/src");
  static final WriteOptions WRITE = new WriteOptions("test", 2, 64L << 20);
  private static final String PASSWORD = "test";

  final FakeClock clock = FakeClock.of2026();
  final Repository repository;
  UploadOptions options = UploadOptions.DEFAULTS;
  UploadProgress progress = UploadProgress.NONE;
  CancelToken cancel = new CancelToken();

  private TestRepository(BlobStore store, String password, boolean actions)
      throws RepositoryException {
    repository =
        Repositories.open(
            store, password, client(actions), OpenOptions.of(clock, new SeededRandom(2)));
  }

  private static ClientOptions client(boolean actions) {
    return new ClientOptions(
        "host", "user", false, false, Optional.empty(), actions, Duration.ofMinutes(15));
  }

  /// A repository without snapshots and policies; the same one every time, because deriving keys
  /// from passwords takes long. What other tests stored is still there, and nothing names it.
  static synchronized TestRepository fresh() throws RepositoryException {
    TestRepository repository = shared;
    if (repository == null) {
      repository = create(new MemoryStore(FakeClock.of2026()));
      shared = repository;
    }
    repository.forgetAll();
    return repository;
  }

  private static @Nullable TestRepository shared;

  private void forgetAll() throws RepositoryException {
    options = UploadOptions.DEFAULTS;
    progress = UploadProgress.NONE;
    cancel = new CancelToken();
    repository.write(
        WRITE,
        writer -> {
          for (ManifestEntry entry : writer.manifests().find(Map.of())) {
            writer.manifests().delete(entry.id());
          }
          return true;
        });
  }

  static TestRepository create(BlobStore store) throws RepositoryException {
    CreateOptions options =
        CreateOptions.DEFAULT.withAlgorithms(
            "BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH");
    Repositories.create(store, options, PASSWORD, new SeededRandom(1));
    return new TestRepository(store, PASSWORD, false);
  }

  /// Opens what another has made, with actions enabled.
  static TestRepository withActions(BlobStore store) throws RepositoryException {
    return new TestRepository(store, PASSWORD, true);
  }

  /// Opens what another has made.
  static TestRepository open(BlobStore store) throws RepositoryException {
    return open(store, PASSWORD);
  }

  /// Opens what somebody else has made.
  static TestRepository open(BlobStore store, String password) throws RepositoryException {
    return new TestRepository(store, password, false);
  }

  void setPolicy(SourceInfo target, Policy policy) throws RepositoryException {
    repository.write(WRITE, writer -> Policies.set(writer.manifests(), target, policy));
  }

  SnapshotResult snapshot(Path path) throws IOException {
    return snapshot(path, SnapshotRequest.of(SOURCE));
  }

  SnapshotResult snapshot(Path path, SnapshotRequest request) throws IOException {
    try (SourceTree tree = LocalSource.open(path)) {
      return snapshot(tree, request);
    }
  }

  SnapshotResult snapshot(SourceTree tree, SnapshotRequest request) throws IOException {
    clock.advance(Duration.ofSeconds(1));
    try (var writer = repository.openWriter(WRITE)) {
      return new SnapshotCreator(writer, options, progress, ZoneOffset.UTC, new Random(3))
          .create(tree, request, cancel);
    }
  }

  SnapshotTree tree() {
    return SnapshotTree.of(repository);
  }

  SnapshotCatalog catalog() {
    return new SnapshotCatalog(repository.manifests());
  }

  /// All entries of a snapshot's tree: path and entry.
  List<Found> walk(SnapshotManifest snapshot) throws RepositoryException {
    List<Found> found = new ArrayList<>();
    walk(SnapshotTree.root(snapshot), "", found);
    return found;
  }

  record Found(String path, DirEntry entry) {}

  private void walk(DirEntry directory, String path, List<Found> found) throws RepositoryException {
    try (DirectoryCursor cursor = tree().open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        found.add(new Found(path + entry.name(), entry));
        if (entry.type() == EntryType.DIRECTORY) {
          walk(entry, path + entry.name() + "/", found);
        }
      }
    }
  }

  DirEntry entry(SnapshotManifest snapshot, String path) throws RepositoryException {
    return tree().nested(SnapshotTree.root(snapshot), List.of(path.split("/")));
  }

  byte[] read(DirEntry entry) throws RepositoryException {
    return repository.objects().readAll(entry.objectId(), 64 << 20);
  }

  @Override
  public void close() throws RepositoryException {
    repository.close();
  }
}
