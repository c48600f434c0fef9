package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.blob.fs.FilesystemOptions;
import dev.longshore.engine.blob.fs.FilesystemStore;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.OpenOptions;
import dev.longshore.engine.repository.Repositories;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.engine.testkit.Json;
import dev.longshore.engine.testkit.Kopia;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/// The same tree, read by Kopia's own program (`KOPIA_EXE`) and by this one into one repository.
@EnabledIfEnvironmentVariable(named = Kopia.VARIABLE, matches = ".+")
class UploadInteropTest {
  private static final String PASSWORD = "interop";

  /// Without what only we keep of links and holes.
  private static final UploadOptions KOPIAS =
      new UploadOptions(
          0,
          0,
          0,
          false,
          UploadOptions.MAX_CHECKPOINT_INTERVAL,
          Map.of(),
          true,
          UploadOptions.NEVER,
          AttributeOptions.NONE);

  @TempDir Path folder;
  private Path source;
  private Kopia kopia;

  @BeforeEach
  void createRepository() throws Exception {
    source = Files.createDirectory(folder.resolve("source"));
    Path store = Files.createDirectory(folder.resolve("repo"));
    kopia = new Kopia(folder.resolve("kopia"), PASSWORD);
    kopia.create(store, List.of("--object-splitter=DYNAMIC-128K-BUZHASH"));
  }

  private Repository open() throws IOException {
    return Repositories.open(
        FilesystemStore.open(FilesystemOptions.of(folder.resolve("repo").toString())),
        PASSWORD,
        new ClientOptions(
            "host", "user", false, false, Optional.empty(), false, Duration.ofMinutes(15)),
        OpenOptions.of(Clock.systemUTC(), new SeededRandom(5)));
  }

  private SnapshotResult snapshot() throws IOException {
    return snapshot(KOPIAS);
  }

  private SnapshotResult snapshot(UploadOptions options) throws IOException {
    try (Repository repository = open();
        SourceTree tree = LocalSource.open(source);
        var writer = repository.openWriter(TestRepository.WRITE)) {
      return new SnapshotCreator(
              writer, options, UploadProgress.NONE, ZoneOffset.UTC, new Random(1))
          .create(
              tree,
              SnapshotRequest.of(new SourceInfo("host", "user", source.toString())),
              new CancelToken());
    }
  }

  private static byte[] compact(DirEntry entry) {
    GoJsonWriter json = new GoJsonWriter();
    entry.writeTo(json);
    return json.toByteArray();
  }

  private void checkEqual() throws Exception {
    checkEqual(KOPIAS);
  }

  private void checkEqual(UploadOptions options) throws Exception {
    String theirs = kopia.run("snapshot", "create", source.toString(), "--json");
    SnapshotResult ours = snapshot(options);
    String root = new String(compact(ours.manifest().root().orElseThrow()), StandardCharsets.UTF_8);
    String start = "\"rootEntry\":";
    int at = theirs.indexOf(start) + start.length();
    // Whitespace only between tokens: kopia indents, and no name in a root entry has a line break.
    String compact = theirs.substring(at).replaceAll("\\n\\s*", "").replace("\": ", "\":");
    assertTrue(compact.startsWith(root), () -> "kopia: " + compact + "\nlongshore: " + root);
    assertEquals(
        Json.parse(theirs.getBytes(StandardCharsets.UTF_8)).get("rootEntry").get("obj").text(),
        ours.manifest().root().orElseThrow().objectId().toString());
  }

  private void touch(Path path, long seconds, int nanos) throws IOException {
    PosixChanges.utimensat(Posix.AT_FDCWD, RawText.encode(path.toString()), seconds, nanos);
  }

  @Test
  void oddNamesModesTimesAndKindsGiveTheSameObjects() throws Exception {
    RandomGenerator random = Seeds.generator(1);
    int n = 0;
    Path deep = Files.createDirectories(source.resolve("dir/sub \u00e9\u2028/\ud83d\ude00"));
    for (Path directory : List.of(source, source.resolve("dir"), deep)) {
      for (String name :
          List.of(
              "plain",
              "new\nline",
              "<&>\"\\",
              "tab\t\u007f",
              "\uffee",
              "\ud83d\ude00",
              "x".repeat(255),
              " ")) {
        Path file = directory.resolve(name);
        Files.write(file, Seeds.bytes(random, n * 1000));
        touch(file, 1_700_000_000L + n * 1000L - (n == 5 ? 1_800_000_000L : 0), n * 1_000_001);
        n++;
      }
    }
    Path empty = Files.createDirectory(source.resolve("empty"));
    Files.createFile(source.resolve("zero"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("no\nwhere<"));
    Files.createSymbolicLink(source.resolve("loop"), Path.of("loop"));
    Files.createLink(source.resolve("hard"), source.resolve("plain"));
    int fd = Posix.openat(Posix.AT_FDCWD, RawText.encode(source.toString()), 0, 0);
    try {
      for (int b : new int[] {0x80, 0x81, 0xff}) {
        byte[] name = {'b', (byte) b, 'd'};
        Posix.close(Posix.openat(fd, name, Posix.O_CREAT | Posix.O_WRONLY, 0640));
      }
      PosixChanges.mknodat(fd, RawText.encode("fifo"), FileKind.FIFO.bits() | 0600, 0);
      PosixChanges.mknodat(fd, RawText.encode("sock"), FileKind.SOCKET.bits() | 0600, 0);
      chmod(fd, "plain", 06755);
      chmod(fd, "dir", 01777);
      chmod(fd, "zero", 0);
      PosixChanges.fchownat(fd, RawText.encode("zero"), 12, -2);
      // The year 2446 wraps around in 64 bits of nanoseconds.
      PosixChanges.utimensat(fd, RawText.encode("zero"), 15_032_385_534L, 7);
    } finally {
      Posix.close(fd);
    }
    touch(empty, -3, 5);
    checkEqual();
  }

  /// Attributes, links and holes are looked for, and there are none.
  @Test
  void aTreeOfPlainFilesIsKopiasByDefault() throws Exception {
    RandomGenerator random = Seeds.generator(6);
    for (int i = 0; i < 6; i++) {
      Path directory = Files.createDirectories(source.resolve("d" + i % 3 + "/e" + i));
      for (int j = 0; j < 40; j++) {
        Path file = directory.resolve("f" + j);
        // Some end within a block, some are empty: neither is a hole.
        Files.write(file, Seeds.bytes(random, j % 7 * 1500));
        touch(file, 1_600_000_000L + j, j);
      }
      Files.createSymbolicLink(directory.resolve("link"), Path.of("f1"));
      Files.createDirectory(directory.resolve("empty"));
    }
    // Zeros that were written are no holes.
    Files.write(source.resolve("zeros"), new byte[300_000]);
    Files.write(source.resolve("large"), Seeds.bytes(random, 2_000_000));
    checkEqual(UploadOptions.DEFAULTS);
  }

  private static void chmod(int directory, String name, int permissions) throws IOException {
    int file = Posix.openat(directory, RawText.encode(name), Posix.O_RDONLY, 0);
    try {
      PosixChanges.fchmod(file, permissions);
    } finally {
      Posix.close(file);
    }
  }

  @Test
  void largeSparseAndRepeatedFilesGiveTheSameObjects() throws Exception {
    RandomGenerator random = Seeds.generator(2);
    Files.write(source.resolve("random"), Seeds.bytes(random, 5_000_000));
    Files.write(source.resolve("text"), Seeds.text(random, 3_000_000));
    try (RandomAccessFile file = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
      file.seek(7_654_321);
      file.write(Seeds.bytes(random, 100_000));
      file.seek(20_000_000);
      file.write(1);
      file.setLength(33_333_333);
    }
    try (RandomAccessFile file = new RandomAccessFile(source.resolve("hole").toFile(), "rw")) {
      file.setLength(3_000_000);
    }
    checkEqual();
  }

  @Test
  void partsOfLargeFilesGiveTheSameObjects() throws Exception {
    kopia.run(
        "policy", "set", "--global", "--parallel-upload-above-size-mib=1", "--compression=zstd");
    RandomGenerator random = Seeds.generator(3);
    Files.write(source.resolve("three"), Seeds.bytes(random, 3_333_333));
    Files.write(source.resolve("exactly-two"), Seeds.text(random, 2 << 20));
    Files.write(source.resolve("one"), Seeds.bytes(random, 1 << 20));
    checkEqual();
  }

  @Test
  void policiesAndIgnoreRulesGiveTheSameObjects() throws Exception {
    Files.createDirectories(source.resolve("a/b"));
    Files.createDirectories(source.resolve("c"));
    Files.createDirectories(source.resolve("cache/x"));
    for (String name :
        List.of("a/1.tmp", "a/2.txt", "a/b/3.tmp", "a/b/4.txt", "c/5.log", "c/6.txt", "big")) {
      Files.write(source.resolve(name), new byte[name.length() * 100]);
    }
    Files.write(source.resolve("big"), new byte[100_000]);
    Files.writeString(source.resolve(".kopiaignore"), "*.tmp\n# comment\n!3.tmp\n/c/*.log\n");
    Files.writeString(source.resolve("a/.kopiaignore"), "4.*\n");
    Files.writeString(
        source.resolve("cache/CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n");
    Files.writeString(source.resolve("cache/x/data"), "data");
    kopia.run("policy", "set", source.toString(), "--max-file-size=50000");
    kopia.run("policy", "set", source.resolve("c").toString(), "--add-ignore=6.txt");
    checkEqual();
  }

  @Test
  void aSingleFileGivesTheSameRoot() throws Exception {
    source = Files.write(folder.resolve("file"), Seeds.bytes(Seeds.generator(4), 700_000));
    checkEqual();
  }

  @Test
  void kopiaVerifiesWhatThisProgramUploaded() throws Exception {
    Files.createDirectories(source.resolve("d"));
    Files.write(source.resolve("d/f"), Seeds.bytes(Seeds.generator(5), 1_000_000));
    snapshot();
    kopia.run("snapshot", "verify", "--verify-files-percent=100");
    // Nothing has changed: what this program uploaded is a cache for Kopia's.
    String theirs = kopia.run("snapshot", "create", source.toString(), "--json", "--json-verbose");
    Json stats = Json.parse(theirs.getBytes(StandardCharsets.UTF_8)).get("stats");
    assertEquals(1, stats.get("cachedFiles").number());
    assertEquals(0, stats.get("nonCachedFiles").number());
  }
}
