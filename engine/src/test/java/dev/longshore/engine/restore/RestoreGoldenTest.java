package dev.longshore.engine.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.verify.SnapshotVerifier;
import dev.longshore.engine.verify.VerifyListener;
import dev.longshore.engine.verify.VerifyOptions;
import dev.longshore.engine.verify.VerifyResult;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.RawText;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Snapshots that the real Kopia made come back as what they were made of.
class RestoreGoldenTest {
  static final List<String> FIXTURES = Fixtures.KOPIA;

  @TempDir Path temp;

  private static Repository open(Path folder, String password) throws Exception {
    ClientOptions client =
        new ClientOptions(
            "host", "user", true, false, Optional.empty(), false, Duration.ofMinutes(15));
    return Repositories.open(
        FilesystemStore.open(FilesystemOptions.of(folder.toString())),
        password,
        client,
        OpenOptions.of(FakeClock.of2026(), new SecureRandom()));
  }

  private RestoreResult restore(Repository repository, DirEntry root, Path target)
      throws IOException {
    return new Restorer(repository)
        .restore(
            root, new RestoreTarget.Local(target), RestoreOptions.DEFAULTS, RestoreListener.NONE);
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void restoresAndVerifiesEverySnapshot(String name) throws Exception {
    Fixtures.Fixture fixture = Fixtures.kopia(name, temp);
    try (Repository repository = open(fixture.repository(), fixture.password())) {
      List<SnapshotVerifier.Root> roots = new ArrayList<>();
      int number = 0;
      for (Json expected : fixture.expected().get("snapshots").list()) {
        ManifestId id = new ManifestId(expected.get("id").text());
        ManifestEntry manifest = repository.manifests().get(id).orElseThrow();
        DirEntry root = SnapshotManifest.decode(id, manifest.data()).root().orElseThrow();
        roots.add(new SnapshotVerifier.Root(id.toString(), root));
        Path target = temp.resolve("restored" + number++);

        RestoreResult result = restore(repository, root, target);

        assertEquals(0, result.failures(), result.issues().toString());
        assertTrue(result.complete());
        assertEquals(root.mtimeNanos(), status(target).mtimeEpochNanos());
        assertTree(expected.get("entries").list(), target);
      }
      VerifyResult verified =
          new SnapshotVerifier(
                  repository,
                  new VerifyOptions(100, -1, 4, 32 << 20, ContentCheck.HASHED),
                  new Random(1))
              .verify(roots, VerifyListener.NONE);
      assertEquals(List.of(), verified.errors());
      assertTrue(verified.stats().readFiles() > 0);
    }
  }

  private static FileStatus status(Path path) throws IOException {
    return Posix.fstatat(Posix.AT_FDCWD, RawText.encode(path.toString()));
  }

  private void assertTree(List<Json> expected, Path target) throws Exception {
    boolean asRoot = status(temp).uid() == 0;
    Set<String> paths = new TreeSet<>();
    for (Json entry : expected) {
      String path = entry.get("path").text();
      paths.add(path);
      Path file = target.resolve(path);
      FileStatus status = status(file);
      String type = entry.get("type").text();
      assertEquals(entry.get("mtimeNs").number(), status.mtimeEpochNanos(), path);
      if (asRoot) {
        assertEquals(entry.get("uid").number(), status.uid(), path);
        assertEquals(entry.get("gid").number(), status.gid(), path);
      }
      if (!type.equals("symlink")) {
        int mode = Integer.parseInt(entry.get("mode").text(), 8) & (asRoot ? 07777 : 0777);
        int found = status.permissions() & (asRoot ? 07777 : 0777);
        assertEquals(Integer.toOctalString(mode), Integer.toOctalString(found), path);
      }
      switch (type) {
        case "directory" -> assertTrue(Files.isDirectory(file), path);
        case "symlink" ->
            assertEquals(entry.get("target").text(), Files.readSymbolicLink(file).toString(), path);
        default -> {
          assertEquals(entry.get("size").number(), status.sizeBytes(), path);
          assertEquals(entry.get("sha256").text(), sha256(file), path);
        }
      }
    }
    try (var walk = Files.walk(target)) {
      Set<String> found = new TreeSet<>();
      walk.filter(path -> !path.equals(target))
          .forEach(path -> found.add(target.relativize(path).toString()));
      assertEquals(paths, found);
    }
  }

  private static String sha256(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void damagedPackFailsOnlyTheFilesInIt() throws Exception {
    Fixtures.Fixture fixture = Fixtures.kopia("v3-small-chunks", temp);
    flipInLargestPack(fixture.repository());
    try (Repository repository = open(fixture.repository(), fixture.password())) {
      Json expected = fixture.expected().get("snapshots").list().getFirst();
      ManifestId id = new ManifestId(expected.get("id").text());
      ManifestEntry manifest = repository.manifests().get(id).orElseThrow();
      DirEntry root = SnapshotManifest.decode(id, manifest.data()).root().orElseThrow();
      Path target = temp.resolve("restored");

      RestoreResult result = restore(repository, root, target);
      VerifyResult verified =
          new SnapshotVerifier(
                  repository,
                  new VerifyOptions(100, -1, 4, 32 << 20, ContentCheck.HASHED),
                  new Random(1))
              .verify(List.of(new SnapshotVerifier.Root("r", root)), VerifyListener.NONE);

      Set<String> failed = new TreeSet<>();
      result.issues().stream()
          .filter(RestoreIssue::isFailure)
          .forEach(issue -> failed.add(issue.path()));
      assertTrue(result.complete());
      assertTrue(!failed.isEmpty() && failed.size() < 5, failed.toString());
      Set<String> objects = new TreeSet<>();
      for (Json entry : expected.get("entries").list()) {
        String path = entry.get("path").text();
        if (entry.get("type").text().equals("file")) {
          String hash = sha256(target.resolve(path));
          assertEquals(failed.contains(path), !hash.equals(entry.get("sha256").text()), path);
          if (failed.contains(path)) {
            objects.add(entry.get("sha256").text());
          }
        }
      }
      // Files of equal content are one object, and verified once.
      assertEquals(objects.size(), verified.errorCount());
    }
  }

  private static void flipInLargestPack(Path repository) throws IOException {
    List<Path> packs;
    try (var walk = Files.walk(repository.resolve("p"))) {
      packs = walk.filter(Files::isRegularFile).toList();
    }
    Path largest = packs.getFirst();
    for (Path pack : packs) {
      largest = Files.size(pack) > Files.size(largest) ? pack : largest;
    }
    byte[] bytes = Files.readAllBytes(largest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(largest, bytes);
  }

  @Test
  void restoresWhatVeleroWrote() throws Exception {
    Path folder = Fixtures.velero(temp);
    try (Repository repository = open(folder, "static-passw0rd")) {
      int volumes = 0;
      List<SnapshotVerifier.Root> roots = new ArrayList<>();
      List<ManifestEntry> manifests = repository.manifests().find(Map.of("type", "snapshot"));
      for (ManifestEntry manifest : manifests) {
        DirEntry root =
            SnapshotManifest.decode(manifest.id(), manifest.data()).root().orElseThrow();
        roots.add(new SnapshotVerifier.Root(manifest.id().toString(), root));
        Path target = temp.resolve(manifest.id().toString());

        RestoreResult result = restore(repository, root, target);

        assertEquals(0, result.failures(), result.issues().toString());
        if (root.name().startsWith("/dev/")) {
          volumes++;
          String device = root.name().substring("/dev/".length());
          try (var entries = Files.list(target)) {
            assertEquals(List.of(target.resolve(device)), entries.toList());
          }
        }
      }
      assertTrue(volumes > 0, manifests.size() + " snapshots, none of a volume");
      VerifyResult verified =
          new SnapshotVerifier(
                  repository,
                  new VerifyOptions(100, -1, 4, 32 << 20, ContentCheck.HASHED),
                  new Random(1))
              .verify(roots, VerifyListener.NONE);
      assertEquals(List.of(), verified.errors());
    }
  }
}
