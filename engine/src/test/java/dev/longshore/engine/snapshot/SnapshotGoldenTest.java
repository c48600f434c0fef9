package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.engine.testkit.Json;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Snapshots of Kopia's and Velero's own making.
class SnapshotGoldenTest {
  @TempDir Path folder;

  private static TestRepository open(Path path, String password) throws IOException {
    return TestRepository.open(
        FilesystemStore.open(FilesystemOptions.of(path.toString())), password);
  }

  @Test
  void kopiaShowsTheNewestTimeBelowForANestedDirectory() throws IOException {
    DirSummary summary = new DirSummary(77, 1, 2, 3, 99, "", 0, 0, List.of());
    ObjectId id = ObjectId.parse("k" + "ab".repeat(16)).orElseThrow();
    DirEntry stored = new DirEntry("d", EntryType.DIRECTORY, 0755, 0, 5, 1, 2, id, summary);
    DirEntry shown = SnapshotTree.asKopiaReads(stored);
    assertEquals(99, shown.mtimeNanos());
    assertEquals(77, shown.sizeBytes());
    assertEquals(stored.objectId(), shown.objectId());
    DirEntry file = new DirEntry("f", EntryType.FILE, 0, 1, 5, 1, 2, id, summary);
    assertEquals(file, SnapshotTree.asKopiaReads(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"v1", "v2", "v3-default", "v3-small-chunks", "history", "compressors", "epochs"})
  void readsEverySnapshotAsKopiaDoes(String name) throws Exception {
    Fixtures.Fixture fixture = Fixtures.kopia(name, folder);
    try (TestRepository repository = open(fixture.repository(), fixture.password())) {
      List<Json> expected = fixture.expected().get("snapshots").list();
      assertEquals(
          fixture.expected().get("snapshotList").list().size(),
          repository.catalog().all().snapshots().size());
      assertEquals(List.of(), repository.catalog().all().unreadable());
      for (Json snapshot : expected) {
        SnapshotManifest found =
            repository.catalog().load(new ManifestId(snapshot.get("id").text())).orElseThrow();
        DirEntry root = SnapshotTree.root(found);
        assertEquals(snapshot.get("root").text(), root.objectId().toString());
        assertEquals(root, repository.tree().resolve(snapshot.get("id").text(), true));
        checkEntries(repository, found, snapshot.get("entries").list());
      }
    }
  }

  private static void checkEntries(
      TestRepository repository, SnapshotManifest snapshot, List<Json> expected)
      throws IOException, NoSuchAlgorithmException {
    Map<String, DirEntry> found = new HashMap<>();
    for (TestRepository.Found entry : repository.walk(snapshot)) {
      found.put(entry.path(), entry.entry());
    }
    for (Json json : expected) {
      String path = json.get("path").text();
      DirEntry entry = found.remove(path);
      assertTrue(entry != null, path);
      assertEquals(
          Integer.parseInt(json.get("mode").text(), 8), GoFileMode.toUnix(entry.mode()), path);
      assertEquals(json.get("uid").number(), entry.uid(), path);
      assertEquals(json.get("mtimeNs").number(), entry.mtimeNanos(), path);
      String type = json.get("type").text();
      assertEquals(type.substring(0, 1), entry.type().code(), path);
      if (entry.type() == EntryType.FILE) {
        byte[] content = repository.read(entry);
        assertEquals(json.get("size").number(), content.length, path);
        assertEquals(
            json.get("sha256").text(),
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)),
            path);
      } else if (entry.type() == EntryType.SYMLINK && json.has("target")) {
        assertEquals(
            json.get("target").text(),
            new String(repository.tree().linkTarget(entry), StandardCharsets.UTF_8),
            path);
      }
    }
    assertEquals(Map.of(), found);
  }

  /// The stored trees are sources themselves: uploaded anew they must give the very objects that
  /// Kopia made of the files they once were.
  @ParameterizedTest
  @ValueSource(strings = {"v2", "v3-default", "v3-small-chunks", "history", "hash-blake3-256-128"})
  void uploadsStoredTreesToTheSameObjects(String name) throws IOException {
    Fixtures.Fixture fixture = Fixtures.kopia(name, folder);
    try (TestRepository repository = open(fixture.repository(), fixture.password())) {
      int checked = 0;
      for (SnapshotManifest snapshot :
          repository.catalog().all().snapshots().stream().limit(10).toList()) {
        checked += reupload(repository, snapshot);
      }
      assertTrue(checked > 0, "no whole snapshot in " + name);
    }
  }

  @Test
  void uploadsAVolumeOfVeleroToTheSameObjects() throws IOException {
    Path path = Fixtures.velero(folder);
    try (TestRepository repository = open(path, "static-passw0rd")) {
      int checked = 0;
      for (SnapshotManifest snapshot : repository.catalog().all().snapshots()) {
        checked += reupload(repository, snapshot);
      }
      assertTrue(checked > 0);
    }
  }

  private static int reupload(TestRepository repository, SnapshotManifest snapshot)
      throws IOException {
    DirEntry root = SnapshotTree.root(snapshot);
    if (!snapshot.isComplete()
        || root.type() != EntryType.DIRECTORY
        || root.summary().orElseThrow().numFailed() > 0) {
      return 0;
    }
    Policy policy =
        new Policies(repository.repository.manifests()).effective(snapshot.source()).policy();
    assumeFalse(
        repository.repository.format().indexVersion() == 1
            && !policy.compression().compressorName().equals("none"),
        "format 1 names contents by their compressed bytes, which are the library's own");
    UploadOptions d = UploadOptions.DEFAULTS;
    // What a rule once hid is not there any more; and no policy may come between.
    repository.options =
        new UploadOptions(
            2,
            100,
            0,
            false,
            Duration.ofMinutes(45),
            d.checkpointTags(),
            false,
            UploadOptions.NEVER,
            AttributeOptions.NONE);
    SnapshotRequest request =
        new SnapshotRequest(
            snapshot.source(),
            "",
            Map.of(),
            List.of(),
            java.util.Optional.empty(),
            java.util.Optional.empty(),
            java.util.Optional.of(List.of()));
    DirEntry again =
        repository
            .snapshot(FakeTree.of(FakeTree.stored(repository, root)), request)
            .manifest()
            .root()
            .orElseThrow();
    assertEquals(root, again);
    return 1;
  }
}
