package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.posix.ExtendedAttributes;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.posix.FileStatus;
import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.posix.PosixChanges;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceOther;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SnapshotStats;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
  @TempDir Path folder;
  private TestRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
  }

  private static byte[] bytes(int seed, int length) {
    return Seeds.bytes(Seeds.generator(seed), length);
  }

  @Test
  void readsBackWhatWasThere() throws IOException {
    Files.createDirectories(folder.resolve("a/b/c"));
    Files.createDirectory(folder.resolve("empty"));
    byte[] large = bytes(1, 1_500_000);
    Files.write(folder.resolve("a/large"), large);
    Files.createFile(folder.resolve("a/zero"));
    Files.writeString(folder.resolve("a/b/c/text"), "hello");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("a/b"));

    SnapshotManifest snapshot = repository.snapshot(folder).manifest();

    assertEquals(
        List.of("a", "a/b", "a/b/c", "a/b/c/text", "a/large", "a/zero", "empty", "link"),
        repository.walk(snapshot).stream().map(TestRepository.Found::path).toList());
    assertArrayEquals(large, repository.read(repository.entry(snapshot, "a/large")));
    assertEquals(0, repository.read(repository.entry(snapshot, "a/zero")).length);
    DirEntry text = repository.entry(snapshot, "a/b/c/text");
    assertEquals("hello", new String(repository.read(text), StandardCharsets.UTF_8));
    FileStatus status =
        Posix.fstatat(Posix.AT_FDCWD, RawText.encode(folder.resolve("a/b/c/text").toString()));
    assertEquals(Integer.toUnsignedLong(status.uid()), text.uid());
    assertEquals(status.permissions(), text.mode());
    assertEquals(status.mtimeEpochNanos(), text.mtimeNanos());
    DirEntry link = repository.entry(snapshot, "link");
    assertEquals(EntryType.SYMLINK, link.type());
    assertArrayEquals("a/b".getBytes(StandardCharsets.UTF_8), repository.tree().linkTarget(link));
    DirSummary summary = snapshot.root().orElseThrow().summary().orElseThrow();
    assertEquals(3, summary.files());
    assertEquals(1, summary.symlinks());
    assertEquals(5, summary.dirs());
    assertEquals(1_500_005, summary.size());
    assertTrue(snapshot.isComplete());
  }

  @Test
  void aSecondSnapshotReadsOnlyWhatChanged() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.createDirectories(folder.resolve("d" + i % 3));
      Files.write(folder.resolve("d" + i % 3 + "/f" + i), bytes(i, 5000));
    }
    Files.createSymbolicLink(folder.resolve("l"), Path.of("x"));
    DirEntry first = repository.snapshot(folder).manifest().root().orElseThrow();

    SnapshotManifest same = repository.snapshot(folder).manifest();
    assertEquals(first, same.root().orElseThrow());
    assertEquals(21, same.stats().cachedFiles());
    assertEquals(0, same.stats().nonCachedFiles());

    // One nanosecond later, another mode, another size; and one replaced by a directory.
    Path later = folder.resolve("d0/f0");
    FileTime time = (FileTime) Files.getAttribute(later, "lastModifiedTime");
    Instant next = time.toInstant().plusNanos(1);
    PosixChanges.utimensat(
        Posix.AT_FDCWD, RawText.encode(later.toString()), next.getEpochSecond(), next.getNano());
    Files.setAttribute(folder.resolve("d1/f1"), "unix:mode", 0600);
    Files.write(folder.resolve("d2/f2"), bytes(99, 5001));
    Files.delete(folder.resolve("d0/f3"));
    Files.createDirectory(folder.resolve("d0/f3"));
    SnapshotManifest changed = repository.snapshot(folder).manifest();
    assertEquals(3, changed.stats().nonCachedFiles());
    assertEquals(17, changed.stats().cachedFiles());
    assertArrayEquals(bytes(99, 5001), repository.read(repository.entry(changed, "d2/f2")));
  }

  @Test
  void forcedHashingReadsUnchangedFiles() throws IOException {
    for (int i = 0; i < 10; i++) {
      Files.write(folder.resolve("f" + i), bytes(i, 10));
    }
    DirEntry first = repository.snapshot(folder).manifest().root().orElseThrow();
    UploadOptions d = UploadOptions.DEFAULTS;
    repository.options =
        new UploadOptions(
            2,
            100,
            0,
            false,
            d.checkpointInterval(),
            Map.of(),
            true,
            UploadOptions.NEVER,
            AttributeOptions.DEFAULTS);
    SnapshotManifest second = repository.snapshot(folder).manifest();
    assertEquals(10, second.stats().nonCachedFiles());
    assertEquals(first, second.root().orElseThrow());
  }

  @Test
  void holesAndZerosGiveTheSameObject() throws IOException {
    byte[] expected = new byte[3_000_000];
    byte[] data = bytes(5, 1000);
    System.arraycopy(data, 0, expected, 1_234_567, 1000);
    Path sub = Files.createDirectory(folder.resolve("d"));
    try (RandomAccessFile file = new RandomAccessFile(sub.resolve("sparse").toFile(), "rw")) {
      file.seek(1_234_567);
      file.write(data);
      file.setLength(expected.length);
    }
    Files.write(sub.resolve("full"), expected);
    SnapshotManifest snapshot = repository.snapshot(folder).manifest();
    DirEntry sparse = repository.entry(snapshot, "d/sparse");
    assertEquals(repository.entry(snapshot, "d/full").objectId(), sparse.objectId());
    assertArrayEquals(expected, repository.read(sparse));
  }

  @Test
  void tellsWhatASnapshotCannotHold() throws IOException {
    Files.createFile(folder.resolve("one"));
    Files.createLink(folder.resolve("two"), folder.resolve("one"));
    Files.createFile(folder.resolve("attr"));
    int fd = Posix.openat(Posix.AT_FDCWD, RawText.encode(folder.toString()), 0, 0);
    try {
      PosixChanges.mknodat(fd, RawText.encode("fifo"), FileKind.FIFO.bits() | 0600, 0);
      PosixChanges.mknodat(fd, RawText.encode("sock"), FileKind.SOCKET.bits() | 0600, 0);
      byte[] name = {'n', (byte) 0xfe};
      Posix.close(Posix.openat(fd, name, Posix.O_CREAT | Posix.O_WRONLY, 0600));
      ExtendedAttributes.set(fd, RawText.encode("attr"), "user.a", new byte[] {1});
    } catch (OsException e) {
      assumeTrue(e.errno() != 95, "no extended attributes here");
      throw e;
    } finally {
      Posix.close(fd);
    }
    SnapshotResult result = repository.snapshot(folder);
    assertEquals(new NotKept(0, 0, 0, 0, 2, 0), result.notKept());
    assertFalse(result.notKept().isNothing());
    assertEquals(
        List.of("attr", "n\udcfe", "one", "two"),
        repository.walk(result.manifest()).stream().map(TestRepository.Found::path).toList());
    assertEquals(0, result.manifest().stats().errorCount());
  }

  @Test
  void aDirectoryOfAStreamHoldsItsBytes() throws IOException {
    byte[] content = bytes(8, 700_000);
    SnapshotManifest snapshot =
        repository
            .snapshot(
                LocalSource.ofStream(
                    "/virtual",
                    "/dev/disk",
                    new ByteArrayInputStream(content),
                    Instant.ofEpochSecond(1_700_000_000)),
                SnapshotRequest.of(TestRepository.SOURCE))
            .manifest();
    DirEntry root = snapshot.root().orElseThrow();
    assertEquals("/virtual", root.name());
    TestRepository.Found found = repository.walk(snapshot).getFirst();
    assertEquals("/dev/disk", found.path());
    assertEquals(content.length, found.entry().sizeBytes());
    assertArrayEquals(content, repository.read(found.entry()));
    // A name with slashes is found by its path.
    assertEquals(found.entry(), repository.tree().resolve(root.objectId() + "/dev/disk", false));
  }

  @Test
  void aSingleFileIsARoot() throws IOException {
    Path file = Files.write(folder.resolve("single"), bytes(3, 300_000));
    SnapshotManifest snapshot = repository.snapshot(file).manifest();
    DirEntry root = snapshot.root().orElseThrow();
    assertEquals(EntryType.FILE, root.type());
    assertEquals(
        new DirSummary(300_000, 1, 0, 0, root.mtimeNanos(), "", 0, 0, List.of()),
        root.summary().orElseThrow());
    assertArrayEquals(bytes(3, 300_000), repository.read(root));
  }

  @Test
  void refusesARootThatIsNoFileOrDirectory() {
    SourceEntry fifo = new SourceOther("fifo", FakeTree.status(FileKind.FIFO, 0));
    assertThrows(
        UnsupportedException.class,
        () -> repository.snapshot(FakeTree.of(fifo), SnapshotRequest.of(TestRepository.SOURCE)));
  }

  @Test
  void walksDeepTreesAndStopsAtTheDeepest() throws IOException {
    SourceEntry entry = FakeTree.file("leaf", new byte[] {1});
    for (int i = 0; i < SnapshotTree.MAX_DEPTH; i++) {
      entry = FakeTree.directory("d", entry);
    }
    SourceEntry deep = FakeTree.directory("root", entry);
    SnapshotManifest snapshot =
        repository
            .snapshot(FakeTree.of(deep), SnapshotRequest.of(TestRepository.SOURCE))
            .manifest();
    DirSummary summary = snapshot.root().orElseThrow().summary().orElseThrow();
    assertEquals(1, summary.files());
    assertEquals(SnapshotTree.MAX_DEPTH + 1, summary.dirs());

    SourceEntry deeper = FakeTree.directory("root", FakeTree.directory("d", entry));
    DirSummary cut =
        repository
            .snapshot(FakeTree.of(deeper), SnapshotRequest.of(TestRepository.SOURCE))
            .manifest()
            .root()
            .orElseThrow()
            .summary()
            .orElseThrow();
    assertEquals(0, cut.files());
    assertEquals(1, cut.numFailed());
  }

  @Test
  void aDirectoryOfManyEntriesIsSorted() throws IOException {
    List<SourceEntry> children = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      children.add(FakeTree.file("name-" + Integer.toString(i * 7919, 36), new byte[0]));
    }
    SnapshotManifest snapshot =
        repository
            .snapshot(
                FakeTree.of(FakeTree.directory("root", children.toArray(SourceEntry[]::new))),
                SnapshotRequest.of(TestRepository.SOURCE))
            .manifest();
    List<String> names =
        repository.walk(snapshot).stream().map(TestRepository.Found::path).toList();
    assertEquals(20_000, names.size());
    assertEquals(names.stream().sorted().toList(), names);
  }

  @Test
  void showsANameOnceThoughTheListingShowsItTwice() throws IOException {
    SourceEntry file = FakeTree.file("f", new byte[] {1});
    SnapshotManifest snapshot =
        repository
            .snapshot(
                FakeTree.of(FakeTree.directory("root", file, file)),
                SnapshotRequest.of(TestRepository.SOURCE))
            .manifest();
    assertEquals(1, repository.walk(snapshot).size());
    assertEquals(1, snapshot.root().orElseThrow().summary().orElseThrow().files());
  }

  @Test
  void countsFilesThatChangeWhileTheyAreRead() throws IOException {
    FakeTree.File file =
        new FakeTree.File(
            "f",
            FakeTree.status(FileKind.REGULAR, 3),
            () ->
                new FakeTree.BytesReader(new byte[] {1, 2, 3, 4}) {
                  @Override
                  public boolean changed() {
                    return true;
                  }
                });
    SnapshotResult result =
        repository.snapshot(
            FakeTree.of(FakeTree.directory("root", file)),
            SnapshotRequest.of(TestRepository.SOURCE));
    assertEquals(1, result.changedFiles());
    assertEquals(4, repository.entry(result.manifest(), "f").sizeBytes());
  }

  @Test
  void keepsWhatTheRequestSays() throws IOException {
    Files.createFile(folder.resolve("f"));
    Instant start = Instant.parse("2020-01-02T03:04:05Z");
    SnapshotRequest request =
        new SnapshotRequest(
            TestRepository.SOURCE,
            "some words",
            Map.of("tag:a", "b"),
            List.of("pin"),
            Optional.of(start),
            Optional.empty(),
            Optional.empty());
    SnapshotManifest saved = repository.snapshot(folder, request).manifest();
    SnapshotManifest loaded = repository.catalog().load(saved.id().orElseThrow()).orElseThrow();
    assertEquals(saved, loaded);
    assertEquals("some words", loaded.description());
    assertEquals(List.of("pin"), loaded.pins());
    assertEquals(start.getEpochSecond() * 1_000_000_000L, loaded.startNanos());
    assertEquals(
        List.of(loaded),
        repository.catalog().of(TestRepository.SOURCE, Map.of("tag:a", "b")).snapshots());
    assertEquals(
        List.of(),
        repository.catalog().of(TestRepository.SOURCE, Map.of("tag:a", "c")).snapshots());
  }

  @Test
  void reportsProgress() throws IOException {
    Files.write(folder.resolve("f"), bytes(1, 1000));
    Files.createDirectory(folder.resolve("d"));
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    repository.progress =
        new UploadProgress() {
          @Override
          public void estimated(long files, long bytes) {
            heard.add("estimated " + files + " " + bytes);
          }

          @Override
          public void directory(String path) {
            heard.add("directory " + path);
          }

          @Override
          public void hashed(String path, long bytes) {
            heard.add("hashed " + path + " " + bytes);
          }

          @Override
          public void cached(String path, long bytes) {
            heard.add("cached " + path + " " + bytes);
          }
        };
    UploadOptions d = UploadOptions.DEFAULTS;
    repository.options =
        new UploadOptions(
            1,
            0,
            0,
            false,
            Duration.ofMinutes(1),
            Map.of(),
            true,
            Duration.ZERO,
            AttributeOptions.DEFAULTS);
    assertEquals(Duration.ofMinutes(45), d.checkpointInterval());
    repository.snapshot(folder);
    assertTrue(heard.contains("directory ."), heard::toString);
    assertTrue(heard.contains("directory d"), heard::toString);
    assertTrue(heard.contains("hashed f 1000"), heard::toString);
    heard.clear();
    SnapshotStats stats = repository.snapshot(folder).manifest().stats();
    assertTrue(heard.contains("cached f 1000"), heard::toString);
    assertEquals(1, stats.cachedFiles());
    assertNotEquals(0, stats.dirCount());
  }
}
