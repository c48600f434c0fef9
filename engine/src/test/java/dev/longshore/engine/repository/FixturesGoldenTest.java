package dev.longshore.engine.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.engine.concurrent.CpuPool;
import dev.longshore.engine.content.ContentSession;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.content.ContentWriteOptions;
import dev.longshore.engine.error.WrongPasswordException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectSession;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.TestContents;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.repository.RepositoryFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// What the real Kopia wrote: manifests, status, and every object, which must also get the same id
/// when it is written again.
class FixturesGoldenTest {
  @SuppressWarnings("unused") // the source of the parameters
  static final List<String> NAMES = Fixtures.KOPIA;

  @TempDir Path folder;

  private static OpenOptions options() {
    return OpenOptions.of(Clock.systemUTC(), new java.security.SecureRandom());
  }

  private static BlobStore store(Path repository) throws IOException {
    return FilesystemStore.open(FilesystemOptions.of(repository.toString()));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void readsManifestsStatusAndEveryObject(String name) throws Exception {
    Fixtures.Fixture fixture = Fixtures.kopia(name, folder);
    try (Repository repository =
        Repositories.open(
            store(fixture.repository()), fixture.password(), TestClients.READER, options())) {
      checkStatus(repository.status(), fixture.expected());
      checkManifests(repository, fixture.expected().get("manifests").list());
      assertTrue(repository.maintenance().params().owner().contains("@"));
      try (Rewriter rewriter = new Rewriter(repository.format())) {
        for (Json snapshot : fixture.expected().get("snapshots").list()) {
          checkSnapshot(repository, rewriter, snapshot);
        }
      }
    }
  }

  private static void checkStatus(RepositoryStatus status, Json expected) {
    Json said = expected.get("status");
    assertEquals(said.get("uniqueIDHex").text(), status.uniqueIdHex());
    Json format = said.get("contentFormat");
    assertEquals(format.get("hash").text(), status.format().hash());
    assertEquals(format.get("encryption").text(), status.format().encryption());
    assertEquals(format.text("ecc", ""), status.format().ecc());
    assertEquals(format.number("eccOverheadPercent", 0), status.format().eccOverheadPercent());
    assertEquals(format.get("version").number(), status.format().version());
    assertEquals(format.get("maxPackSize").number(), status.format().maxPackSize());
    assertEquals(format.get("indexVersion").number(), status.format().indexVersion());
    assertEquals(
        format.get("enablePasswordChange").truth(), status.format().enablePasswordChange());
    assertEquals(said.get("objectFormat").get("splitter").text(), status.format().splitter());
    boolean epochs = format.get("epochParameters").get("Enabled").truth();
    assertEquals(epochs, status.writeEpoch().isPresent());
    if (epochs) {
      int at = expected.get("statusText").text().indexOf("Current Epoch: ");
      String epoch = expected.get("statusText").text().substring(at + 15).lines().findFirst().get();
      assertEquals(Integer.parseInt(epoch), status.writeEpoch().getAsInt());
    }
  }

  private static void checkManifests(Repository repository, List<Json> expected)
      throws IOException {
    List<ManifestEntry> found = repository.manifests().find(Map.of());
    assertEquals(expected.size(), found.size());
    Map<String, ManifestEntry> byId = new TreeMap<>();
    found.forEach(entry -> byId.put(entry.id().value(), entry));
    for (Json manifest : expected) {
      ManifestEntry entry = Objects.requireNonNull(byId.get(manifest.get("id").text()));
      assertEquals(manifest.get("length").number(), entry.data().length);
      assertEquals(Instant.parse(manifest.get("mtime").text()), entry.modified());
      assertEquals(manifest.get("labels").fields().size(), entry.labels().size());
      manifest
          .get("labels")
          .fields()
          .forEach((key, value) -> assertEquals(value.text(), entry.labels().get(key)));
      assertEquals(Optional.of(entry), repository.manifests().get(entry.id()));
    }
  }

  private static void checkSnapshot(Repository repository, Rewriter rewriter, Json snapshot)
      throws Exception {
    Map<String, String> hashes = new TreeMap<>();
    ObjectId root = ObjectId.parse(snapshot.get("root").text()).orElseThrow();
    if (root.contentId().prefix() == 'k') {
      walk(repository, rewriter, root, "", hashes);
    } else {
      hashes.put("", rewriter.copy(repository, root, ContentId.NO_PREFIX));
    }
    int files = 0;
    for (Json entry : snapshot.get("entries").list()) {
      if (entry.get("type").text().equals("file")) {
        files++;
        assertEquals(
            entry.get("sha256").text(),
            hashes.get(entry.get("path").text()),
            entry.get("path").text());
      }
    }
    assertTrue(files > 0 && hashes.size() >= files);
  }

  private static void walk(
      Repository repository,
      Rewriter rewriter,
      ObjectId directory,
      String path,
      Map<String, String> hashes)
      throws Exception {
    rewriter.copy(repository, directory, 'k');
    try (InputStream in = repository.objects().open(directory);
        DirectoryReader entries = new DirectoryReader(in)) {
      for (DirEntry entry = entries.next(); entry != null; entry = entries.next()) {
        String child = path.isEmpty() ? entry.name() : path + "/" + entry.name();
        if (entry.type() == EntryType.DIRECTORY) {
          walk(repository, rewriter, entry.objectId(), child, hashes);
        } else {
          hashes.put(child, rewriter.copy(repository, entry.objectId(), ContentId.NO_PREFIX));
          assertEquals(entry.sizeBytes(), repository.objects().length(entry.objectId()), child);
        }
      }
    }
  }

  /// A repository with the same secret and splitter, where everything is written again.
  private static final class Rewriter implements AutoCloseable {
    private final ContentStore store;
    private final ContentSession contents;
    private final CpuPool pool = new CpuPool("rewriter", 2, new ByteBudget(64 << 20));
    private final ObjectSession writers;
    private final Set<ObjectId> done = new HashSet<>();

    Rewriter(RepositoryFormat format) throws IOException {
      FakeClock clock = FakeClock.of2026();
      store = TestContents.open(new MemoryStore(clock), format, clock);
      contents = store.openSession(ContentWriteOptions.DEFAULT);
      writers =
          new ObjectSession(
              contents,
              pool,
              SplitterAlgorithm.byName(format.splitter()).orElseThrow(),
              format.supportsContentCompression());
    }

    /// Writes the object again; returns the SHA-256 of its bytes.
    String copy(Repository repository, ObjectId id, char prefix) throws Exception {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ObjectOptions options =
          new ObjectOptions(
              prefix, Optional.empty(), Optional.of(Compression.ZSTD_FASTEST), Optional.empty());
      try (InputStream in = repository.objects().open(id);
          ObjectWriter writer = writers.open(options)) {
        byte[] buffer = new byte[50_000];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          digest.update(buffer, 0, n);
          writer.write(buffer, 0, n);
        }
        if (done.add(id) && !isCompressed(repository, id)) {
          assertEquals(id, writer.result());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    }

    /// The id of an object compressed itself depends on the compressor's bytes.
    private static boolean isCompressed(Repository repository, ObjectId id) throws IOException {
      List<ObjectId> compressed = new ArrayList<>();
      repository
          .objects()
          .forEachChunk(
              id,
              (start, length, direct) -> {
                if (direct.compressed()) {
                  compressed.add(direct);
                }
              });
      return !compressed.isEmpty();
    }

    @Override
    public void close() throws IOException {
      pool.close();
      contents.close();
      store.close();
    }
  }

  @Test
  void refusesTheWrongPassword() throws Exception {
    for (String name : List.of("v3-small-chunks", "v1", "pbkdf2")) {
      Fixtures.Fixture fixture = Fixtures.kopia(name, folder.resolve(name));
      try (BlobStore store = store(fixture.repository())) {
        for (String wrong : List.of("", fixture.password() + " ", "h2secret")) {
          assertThrows(
              WrongPasswordException.class,
              () -> Repositories.open(store, wrong, TestClients.READER, options()));
        }
      }
    }
  }

  @Test
  void readsAndContinuesWhatVeleroWrote() throws Exception {
    Path repository = Fixtures.velero(folder);
    try (Repository open =
        Repositories.open(store(repository), "static-passw0rd", TestClients.WRITER, options())) {
      assertEquals("default@default", open.maintenance().params().owner());
      List<ManifestEntry> snapshots = open.manifests().find(Map.of("type", "snapshot"));
      assertTrue(snapshots.size() >= 2);
      byte[] data = "{\"a\":1}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      open.write(
          WriteOptions.forPurpose("test"),
          writer -> writer.manifests().put(Map.of("type", "note"), data));
      assertEquals(1, open.manifests().find(Map.of("type", "note")).size());
    }
  }
}
