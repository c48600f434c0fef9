package dev.longshore.engine.maintenance;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.CreateOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.repository.RepositoryDefaults;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SnapshotStats;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A client of a repository with a clock of its own, and the few steps that tests of maintenance
/// repeat: snapshots made by hand, of files that are given as bytes.
final class MaintainedRepository implements AutoCloseable {
  static final SourceInfo SOURCE = new SourceInfo("host", "user", "/src");
  static final String PASSWORD = "test";
  static final String OWNER = "user@host";
  private static final WriteOptions WRITE = new WriteOptions("test", 1, 64L << 20);

  final FakeClock clock;
  final Repository repository;

  private MaintainedRepository(BlobStore store, FakeClock clock, long seed)
      throws RepositoryException {
    this.clock = clock;
    ClientOptions client =
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15));
    this.repository =
        Repositories.open(store, PASSWORD, client, OpenOptions.of(clock, new SeededRandom(seed)));
  }

  static MaintainedRepository create(BlobStore store, FakeClock clock, int version)
      throws RepositoryException {
    CreateOptions options =
        CreateOptions.DEFAULT
            .withAlgorithms("BLAKE2B-256-128", "AES256-GCM-HMAC-SHA256", "DYNAMIC-128K-BUZHASH")
            .withFormatVersion(version);
    Repositories.create(store, options, PASSWORD, new SeededRandom(1));
    MaintainedRepository made = new MaintainedRepository(store, clock, 2);
    RepositoryDefaults.writeMaintenanceParameters(made.repository, OWNER);
    return made;
  }

  /// @param seed another for each client, or two would write the same names
  static MaintainedRepository open(BlobStore store, FakeClock clock, long seed)
      throws RepositoryException {
    return new MaintainedRepository(store, clock, seed);
  }

  /// A snapshot that is being made: its files are written, and nobody sees it yet.
  final class Upload implements AutoCloseable {
    private final RepositoryWriter writer;
    private final Map<String, DirEntry> entries = new TreeMap<>();

    Upload() throws RepositoryException {
      writer = repository.openWriter(WRITE);
    }

    Upload add(String name, byte[] content) throws RepositoryException {
      ObjectId object = write(content, ContentId.NO_PREFIX);
      entries.put(
          name, new DirEntry(name, EntryType.FILE, 0644, content.length, 0, 0, 0, object, null));
      return this;
    }

    private ObjectId write(byte[] content, char prefix) throws RepositoryException {
      ObjectOptions options =
          new ObjectOptions(prefix, Optional.empty(), Optional.empty(), Optional.empty());
      try (ObjectWriter out = writer.objectWriters().open(options)) {
        out.write(content, 0, content.length);
        return out.result();
      }
    }

    SnapshotManifest publish() throws RepositoryException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        DirectoryWriter out = new DirectoryWriter(bytes);
        for (DirEntry entry : entries.values()) {
          out.add(entry);
        }
        out.finish(new DirSummary(0, 0, 0, 1, 0, "", 0, 0, List.of()));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      DirEntry root =
          new DirEntry(
              "src", EntryType.DIRECTORY, 0755, 0, 0, 0, 0, write(bytes.toByteArray(), 'k'), null);
      long now = GoTime.epochNanos(clock.instant());
      SnapshotManifest saved = new SnapshotEditor(writer.manifests()).save(manifest(root, now));
      writer.flush();
      return saved;
    }

    @Override
    public void close() throws RepositoryException {
      writer.close();
    }
  }

  private static SnapshotManifest manifest(DirEntry root, long now) {
    return new SnapshotManifest(
        null, SOURCE, "", now, now, SnapshotStats.NONE, "", root, Map.of(), List.of());
  }

  SnapshotManifest snapshot(Map<String, byte[]> files) throws RepositoryException {
    try (Upload upload = new Upload()) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        upload.add(file.getKey(), file.getValue());
      }
      return upload.publish();
    }
  }

  void delete(ManifestId snapshot) throws RepositoryException {
    repository.write(
        WRITE,
        writer -> {
          new SnapshotEditor(writer.manifests()).delete(List.of(snapshot));
          return true;
        });
  }

  List<SnapshotManifest> snapshots() throws RepositoryException {
    return new SnapshotCatalog(repository.manifests()).all().snapshots();
  }

  /// The files of a snapshot.
  Map<String, byte[]> read(SnapshotManifest snapshot) throws RepositoryException {
    Map<String, byte[]> files = new HashMap<>();
    try (var cursor = SnapshotTree.of(repository).open(SnapshotTree.root(snapshot))) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        files.put(entry.name(), repository.objects().readAll(entry.objectId(), 64 << 20));
      }
    }
    return files;
  }

  Optional<MaintenanceReport> maintain(MaintenanceMode mode, MaintenanceSafety safety)
      throws RepositoryException {
    Maintenance.Options options =
        new Maintenance.Options(mode, safety, false, false, 2, Optional.empty());
    return Maintenance.run(repository, options, Seeds.generator(9), MaintenanceListener.NONE);
  }

  @Override
  public void close() throws RepositoryException {
    repository.close();
  }
}
