package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.attribute.AttributeOptions;
import dev.longshore.engine.posix.FileKind;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Uploads that end early, are saved on the way, and go on later.
class UploadStopTest {
  private TestRepository repository;

  @BeforeEach
  void create() throws IOException {
    repository = TestRepository.fresh();
  }

  private static byte[] bytes(int seed, int length) {
    return Seeds.bytes(Seeds.generator(seed), length);
  }

  private SnapshotResult snapshot(SourceEntry root) throws IOException {
    return repository.snapshot(FakeTree.of(root), SnapshotRequest.of(TestRepository.SOURCE));
  }

  private static UploadOptions options(int parallel, long limit, Duration checkpoints) {
    return new UploadOptions(
        parallel,
        0,
        limit,
        false,
        checkpoints,
        Map.of("tag:c", "1"),
        true,
        UploadOptions.NEVER,
        AttributeOptions.DEFAULTS);
  }

  /// A file whose bytes come when the test lets them.
  private static FakeTree.File hesitant(
      String name, byte[] content, FakeTree.Opening<Boolean> wait) {
    return new FakeTree.File(
        name,
        FakeTree.status(FileKind.REGULAR, content.length),
        () ->
            new FakeTree.BytesReader(content) {
              private int reads;

              @Override
              public int read(byte[] target, int offset, int length) throws IOException {
                // The last bytes are held back.
                if (reads++ == 1) {
                  wait.open();
                }
                return super.read(target, offset, Math.min(length, content.length - 1));
              }
            });
  }

  @Test
  void aCancelledUploadIsSavedAndTakenUpAgain() throws IOException {
    CancelToken cancel = repository.cancel;
    List<SourceEntry> children = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      children.add(FakeTree.file("f" + i, bytes(i, 1000)));
    }
    children.add(
        hesitant(
            "g",
            bytes(50, 1000),
            () -> {
              cancel.cancel();
              return true;
            }));
    children.add(FakeTree.file("h", bytes(51, 1000)));
    SourceEntry root =
        FakeTree.directory("root", FakeTree.directory("d", children.toArray(SourceEntry[]::new)));
    repository.options = options(1, 0, Duration.ofMinutes(1));

    SnapshotManifest first = snapshot(root).manifest();

    assertEquals(SnapshotManifest.CANCELED, first.incomplete());
    DirSummary summary = first.root().orElseThrow().summary().orElseThrow();
    assertEquals(SnapshotManifest.CANCELED, summary.incomplete());
    assertEquals(0, summary.numFailed());
    assertEquals(10, summary.files());
    assertEquals(List.of(first), repository.catalog().previous(TestRepository.SOURCE));

    repository.cancel = new CancelToken();
    SnapshotManifest second = snapshot(root).manifest();
    assertTrue(second.isComplete());
    assertEquals(10, second.stats().cachedFiles());
    assertEquals(2, second.stats().nonCachedFiles());
    // The incomplete one is kept for a while, but no longer needed.
    assertEquals(List.of(second), repository.catalog().previous(TestRepository.SOURCE));
  }

  @Test
  void aLimitEndsTheUpload() throws IOException {
    List<SourceEntry> children = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      children.add(FakeTree.file("f" + i, bytes(i, 1000)));
    }
    SourceEntry root = FakeTree.directory("root", children.toArray(SourceEntry[]::new));
    repository.options = options(1, 3500, Duration.ofMinutes(1));
    SnapshotManifest snapshot = snapshot(root).manifest();
    assertEquals(SnapshotManifest.LIMIT_REACHED, snapshot.incomplete());
    assertEquals(3, snapshot.root().orElseThrow().summary().orElseThrow().files());
    int rounds = 1;
    while (!snapshot.isComplete()) {
      snapshot = snapshot(root).manifest();
      rounds++;
    }
    assertEquals(4, rounds);
    assertEquals(10, snapshot.root().orElseThrow().summary().orElseThrow().files());
  }

  @Test
  void aCancelledSingleFileIsNoSnapshot() {
    FakeTree.File file =
        hesitant(
            "single",
            bytes(1, 1000),
            () -> {
              repository.cancel.cancel();
              return true;
            });
    assertThrows(InterruptedIOException.class, () -> snapshot(file));
  }

  /// Counts checkpoints.
  private static final class Checkpoints implements UploadProgress {
    private int saved;

    @Override
    public synchronized void checkpointed() {
      saved++;
      notifyAll();
    }

    /// Waits until one more has begun and ended.
    synchronized boolean awaitOne() throws InterruptedIOException {
      // One may be under way that began too early.
      int wanted = saved + 2;
      while (saved < wanted) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
      return true;
    }
  }

  private static boolean isUnderWay(DirEntry entry) {
    return entry.name().startsWith(".checkpointed.");
  }

  @Test
  @Timeout(60)
  void checkpointsSaveWhatIsDoneAndWhatIsUnderWay() throws Exception {
    byte[] large = bytes(7, 2_000_000);
    Checkpoints checkpoints = new Checkpoints();
    repository.progress = checkpoints;
    List<SnapshotManifest> saved = new ArrayList<>();
    FakeTree.Opening<Boolean> look =
        () -> {
          checkpoints.awaitOne();
          repository.repository.refresh();
          repository.clock.advance(Duration.ofSeconds(1));
          return saved.addAll(repository.catalog().all().snapshots());
        };
    SourceEntry root =
        FakeTree.directory(
            "root",
            FakeTree.directory(
                "d", FakeTree.file("done", bytes(8, 1000)), hesitant("running", large, look)));
    repository.options = options(2, 0, Duration.ofMillis(20));

    SnapshotManifest snapshot = snapshot(root).manifest();

    assertTrue(snapshot.isComplete());
    assertArrayEquals(large, repository.read(repository.entry(snapshot, "d/running")));
    // The whole snapshot takes their place.
    assertEquals(List.of(snapshot), repository.catalog().previous(TestRepository.SOURCE));
    SnapshotManifest checkpoint = null;
    for (SnapshotManifest candidate : saved) {
      if (repository.walk(candidate).stream().anyMatch(f -> isUnderWay(f.entry()))) {
        checkpoint = candidate;
      }
    }
    assertNotNull(checkpoint, "no checkpoint of the running file");
    assertEquals(SnapshotManifest.CHECKPOINT, checkpoint.incomplete());
    assertEquals(Map.of("tag:c", "1"), checkpoint.tags());
    assertEquals(snapshot.startNanos(), checkpoint.startNanos());
    List<DirEntry> entries =
        repository.walk(checkpoint).stream().map(TestRepository.Found::entry).toList();
    assertEquals(EntryType.DIRECTORY, entries.getFirst().type());
    assertEquals(
        SnapshotManifest.CHECKPOINT, entries.getFirst().summary().orElseThrow().incomplete());
    List<DirEntry> files = entries.stream().filter(e -> e.type() == EntryType.FILE).toList();
    assertTrue(files.stream().anyMatch(f -> f.name().equals("done")), files::toString);
    DirEntry running = files.stream().filter(UploadStopTest::isUnderWay).findFirst().orElseThrow();
    assertTrue(running.name().startsWith(".checkpointed.running."), running.name());
    assertEquals(large.length, running.sizeBytes());
    byte[] begun = repository.read(running);
    assertTrue(begun.length > 0 && begun.length < large.length);
    assertArrayEquals(Arrays.copyOf(large, begun.length), begun);
  }

  @Test
  @Timeout(60)
  void afterACrashTheNextUploadGoesOnFromTheLastCheckpoint() throws Exception {
    Checkpoints checkpoints = new Checkpoints();
    repository.progress = checkpoints;
    FakeTree.File killer =
        new FakeTree.File(
            "z",
            FakeTree.status(FileKind.REGULAR, 5),
            () -> {
              checkpoints.awaitOne();
              throw new IllegalStateException("killed");
            });
    List<SourceEntry> children = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      children.add(FakeTree.file("f" + i, bytes(i, 1000)));
    }
    children.add(killer);
    repository.options = options(1, 0, Duration.ofMillis(20));
    assertThrows(
        IllegalStateException.class,
        () -> snapshot(FakeTree.directory("root", children.toArray(SourceEntry[]::new))));

    // What the session had and did not flush is gone; a new one sees what the store has.
    repository.progress = UploadProgress.NONE;
    repository.options = options(1, 0, Duration.ofMinutes(1));
    children.set(5, FakeTree.file("z", bytes(9, 5)));
    SnapshotManifest snapshot =
        snapshot(FakeTree.directory("root", children.toArray(SourceEntry[]::new))).manifest();
    assertTrue(snapshot.isComplete());
    assertEquals(5, snapshot.stats().cachedFiles());
    assertEquals(1, snapshot.stats().nonCachedFiles());
  }

  @Test
  void parallelUploadsGiveTheSameObjects() throws IOException {
    List<SourceEntry> children = new ArrayList<>();
    for (int d = 0; d < 10; d++) {
      List<SourceEntry> files = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        files.add(FakeTree.file("f" + i, bytes(d * 100 + i, 100 * i)));
      }
      children.add(FakeTree.directory("d" + d, files.toArray(SourceEntry[]::new)));
    }
    SourceEntry root = FakeTree.directory("root", children.toArray(SourceEntry[]::new));
    repository.options = options(1, 0, Duration.ofMillis(5));
    DirEntry alone = snapshot(root).manifest().root().orElseThrow();
    repository = TestRepository.fresh();
    repository.options = options(16, 0, Duration.ofMillis(5));
    DirEntry together = snapshot(root).manifest().root().orElseThrow();
    assertEquals(alone, together);
    assertFalse(together.summary().orElseThrow().files() == 0);
  }
}
