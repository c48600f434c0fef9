package dev.longshore.engine.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.compare.DifferenceText;
import dev.longshore.engine.compare.TreeComparer;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.verify.SnapshotVerifier;
import dev.longshore.engine.verify.VerifyListener;
import dev.longshore.engine.verify.VerifyOptions;
import dev.longshore.engine.verify.VerifyResult;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import dev.longshore.format.manifest.ManifestEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// Our restore, verification and comparison beside those of the real Kopia, which `KOPIA_EXE`
/// names.
@EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
class RestoreInteropTest {
  private static final String PASSWORD = "correct horse";

  @TempDir Path temp;

  private Kopia kopia;

  @BeforeEach
  void findKopia() {
    kopia = new Kopia(temp.resolve("kopia"), PASSWORD);
  }

  private static void write(Path file, byte[] bytes, int mode, long seconds) throws IOException {
    Files.write(file, bytes);
    byte[] name = RawText.encode(file.toString());
    int fd = Posix.openat(Posix.AT_FDCWD, name, Posix.O_RDWR, 0);
    try {
      PosixChanges.fchmod(fd, mode);
      PosixChanges.futimens(fd, seconds, 123_456_789);
    } finally {
      Posix.close(fd);
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path source() throws IOException {
    Path source = Files.createDirectories(temp.resolve("source"));
    Path deep = Files.createDirectories(source.resolve("deep/er/est"));
    write(deep.resolve("leaf"), new byte[] {1}, 0640, 1_600_000_000);
    Files.createDirectory(source.resolve("empty"));
    write(source.resolve("suid"), random(10, 1), 06755, 1);
    write(source.resolve("none"), random(10, 2), 0, -100);
    write(source.resolve("large"), random(9_000_000, 3), 0644, 1_700_000_000);
    write(source.resolve("ü \n \" <&> \ud83d\ude00"), new byte[0], 0600, 1_700_000_001);
    Files.createSymbolicLink(source.resolve("dangling"), Path.of("no/where"));
    Files.createSymbolicLink(source.resolve("absolute"), Path.of("/etc/hostname"));
    try (RandomAccessFile sparse = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
      sparse.setLength(20 << 20);
      sparse.seek(11_000_000);
      sparse.write(random(5000, 4));
    }
    for (int i = 0; i < 60; i++) {
      write(source.resolve("f" + i), random(i * 7, i), 0644, 1_000_000_000 + i);
    }
    return source;
  }

  private Repository open() throws Exception {
    ClientOptions client =
        new ClientOptions("h", "u", true, false, Optional.empty(), false, Duration.ofMinutes(15));
    return Repositories.open(
        FilesystemStore.open(FilesystemOptions.of(temp.resolve("repo").toString())),
        PASSWORD,
        client,
        OpenOptions.of(FakeClock.of2026(), new SecureRandom()));
  }

  private static DirEntry root(Repository repository, String id) throws Exception {
    ManifestEntry manifest = repository.manifests().get(new ManifestId(id)).orElseThrow();
    return SnapshotManifest.decode(manifest.id(), manifest.data()).root().orElseThrow();
  }

  private String snapshot(Path source) throws Exception {
    String json = kopia.run("snapshot", "create", "--json", source.toString());
    return Json.parse(json.getBytes(StandardCharsets.UTF_8)).get("id").text();
  }

  @Test
  void doesWhatKopiaDoes() throws Exception {
    Path source = source();
    kopia.create(temp.resolve("repo"), List.of());
    String first = snapshot(source);
    write(source.resolve("f7"), random(99, 9), 0600, 1_000_000_999);
    Files.delete(source.resolve("f8"));
    Files.delete(source.resolve("none"));
    Files.createDirectory(source.resolve("none"));
    write(source.resolve("deep/er/new"), random(3, 9), 0644, 1);
    write(source.resolve("f9"), random(63, 9), 0755, 1_000_000_009);
    String second = snapshot(source);

    try (Repository repository = open()) {
      for (boolean sparse : new boolean[] {false, true}) {
        restoresEqualTrees(repository, first, sparse);
      }
      comparesAlike(repository, first, second);
      verifiesAlike(repository, first, second);
    }
  }

  private void restoresEqualTrees(Repository repository, String id, boolean sparse)
      throws Exception {
    Path theirs = temp.resolve("theirs" + sparse);
    Path ours = temp.resolve("ours" + sparse);
    kopia.run(
        "restore",
        sparse ? "--write-sparse-files" : "--no-write-sparse-files",
        id,
        theirs.toString());
    RestoreOptions d = RestoreOptions.DEFAULTS;
    RestoreOptions options =
        new RestoreOptions(
            d.overwrite(),
            d.skip(),
            new RestoreOptions.Writing(sparse, false, false),
            true,
            false,
            false,
            false,
            d.shallow(),
            4,
            64 << 20,
            AttributeOptions.DEFAULTS);

    RestoreResult result =
        new Restorer(repository)
            .restore(
                root(repository, id), new RestoreTarget.Local(ours), options, RestoreListener.NONE);

    assertEquals(List.of(), result.issues());
    assertEquals(describe(theirs), describe(ours));
    if (sparse) {
      FileStatus status = Posix.fstatat(Posix.AT_FDCWD, RawText.encode(ours + "/sparse"));
      assertTrue(status.allocatedBytes() < 64 << 10, "allocated " + status.allocatedBytes());
    }
  }

  /// What a tree holds, but for what Kopia loses: nested directories' times, and links' below
  /// microseconds.
  private static Map<String, String> describe(Path root) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    try (var walk = Files.walk(root)) {
      for (Path path : (Iterable<Path>) walk::iterator) {
        FileStatus status = Posix.fstatat(Posix.AT_FDCWD, RawText.encode(path.toString()));
        boolean nested = status.kind() == FileKind.DIRECTORY && !path.equals(root);
        long time = nested ? 0 : status.mtimeEpochNanos();
        String body = "";
        if (status.kind() == FileKind.SYMLINK) {
          time = Math.ceilDiv(time, 1000L);
          body = Files.readSymbolicLink(path).toString();
        } else if (status.kind() == FileKind.REGULAR) {
          body = status.sizeBytes() + " " + Arrays.hashCode(Files.readAllBytes(path));
        }
        entries.put(
            root.relativize(path).toString(),
            Integer.toOctalString(status.mode())
                + (" " + status.uid() + ":" + status.gid() + " " + time + " " + body));
      }
    }
    return entries;
  }

  private void comparesAlike(Repository repository, String first, String second) throws Exception {
    String theirs = kopia.run("diff", first, second);
    List<String> ours = new ArrayList<>();

    String stats =
        new TreeComparer(repository)
            .compare(
                root(repository, first),
                root(repository, second),
                difference -> ours.add(DifferenceText.of(difference)))
            .toJson();

    ours.add(stats);
    assertEquals(
        theirs.lines().sorted().toList(), ours.stream().flatMap(String::lines).sorted().toList());
  }

  private void verifiesAlike(Repository repository, String... ids) throws Exception {
    String theirs = kopia.run("snapshot", "verify", "--json", "--verify-files-percent=100");
    List<SnapshotVerifier.Root> roots = new ArrayList<>();
    for (String id : ids) {
      roots.add(new SnapshotVerifier.Root(id, root(repository, id)));
    }

    VerifyResult result =
        new SnapshotVerifier(
                repository,
                new VerifyOptions(100, 0, 4, 64 << 20, ContentCheck.HASHED),
                new Random(1))
            .verify(roots, VerifyListener.NONE);

    GoJsonWriter json = new GoJsonWriter();
    result.writeTo(json);
    assertEquals(
        Json.parse(theirs.getBytes(StandardCharsets.UTF_8)).toString(),
        Json.parse(json.toByteArray()).toString());
  }
}
