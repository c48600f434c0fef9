package dev.longshore.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A store that fails under an upload.
class UploadFaultTest {
  private static final SnapshotRequest REQUEST = SnapshotRequest.of(TestRepository.SOURCE);

  private static byte[] content(int i) {
    return Seeds.bytes(Seeds.generator(i), 20_000 * i);
  }

  private static SourceEntry tree() {
    List<SourceEntry> children = new ArrayList<>();
    for (int i = 1; i < 6; i++) {
      children.add(FakeTree.file("f" + i, content(i)));
    }
    SourceEntry[] files = children.toArray(SourceEntry[]::new);
    return FakeTree.directory(
        "root", FakeTree.directory("d", files), FakeTree.file("g", content(7)));
  }

  private static void checkWhole(TestRepository repository, SnapshotManifest snapshot)
      throws RepositoryException {
    assertTrue(snapshot.isComplete());
    int files = 0;
    for (TestRepository.Found found : repository.walk(snapshot)) {
      if (found.entry().type() == EntryType.FILE) {
        int i = found.path().equals("g") ? 7 : found.path().charAt(3) - '0';
        assertArrayEquals(content(i), repository.read(found.entry()), found.path());
        files++;
      }
    }
    assertEquals(6, files);
  }

  /// The one rule that matters: whatever was cut off, a snapshot that can be seen can be read.
  @Test
  void aCrashAtAnyCallLeavesNoSnapshotThatCannotBeRead() throws IOException {
    MemoryStore empty = new MemoryStore(FakeClock.of2026());
    TestRepository.create(empty);
    int calls = Integer.MAX_VALUE;
    for (int at = 1; at <= calls; at++) {
      // Once before the call takes effect, once after it.
      FaultyStore.Fault fault =
          at % 2 == 0 ? FaultyStore.Fault.CRASH_BEFORE : FaultyStore.Fault.CRASH_AFTER;
      MemoryStore memory = copy(empty);
      FaultyStore faulty = new FaultyStore(memory, Retry.NEVER);
      TestRepository victim = TestRepository.open(faulty);
      int before = faulty.count();
      faulty.failAt(before + at, fault);
      boolean failed = false;
      try {
        victim.snapshot(FakeTree.of(tree()), REQUEST);
        calls = Math.min(calls, faulty.count() - before);
      } catch (IOException e) {
        failed = true;
      }
      TestRepository after = TestRepository.open(memory);
      SnapshotCatalog.Listing found = after.catalog().all();
      assertEquals(List.of(), found.unreadable());
      for (SnapshotManifest snapshot : found.snapshots()) {
        checkWhole(after, snapshot);
      }
      assertTrue(failed || found.snapshots().size() == 1, fault + " at " + at);
      // And the next upload needs nothing of what is left.
      checkWhole(after, after.snapshot(FakeTree.of(tree()), REQUEST).manifest());
    }
    assertTrue(calls > 3 && calls < 100, "calls " + calls);
  }

  private static MemoryStore copy(MemoryStore store) throws RepositoryException {
    MemoryStore copy = new MemoryStore(FakeClock.of2026());
    store.list(
        "", blob -> copy.put(blob.id(), ByteBuffer.wrap(store.get(blob.id())), PutOptions.NONE));
    return copy;
  }

  @Test
  void anEarlierDirectoryThatIsLostCostsOnlyReadingAgain() throws IOException {
    TestRepository repository = TestRepository.fresh();
    SnapshotManifest first = repository.snapshot(FakeTree.of(tree()), REQUEST).manifest();
    DirEntry root = SnapshotTree.root(first);
    // Its root names an object that never was.
    DirEntry lost =
        new DirEntry(
            root.name(),
            root.type(),
            root.mode(),
            0,
            root.mtimeNanos(),
            root.uid(),
            root.gid(),
            ObjectId.parse("k" + "1".repeat(32)).orElseThrow(),
            root.summaryOrNull());
    SnapshotManifest broken =
        new SnapshotManifest(
            null,
            first.source(),
            "",
            first.startNanos() + 1,
            first.endNanos() + 1,
            first.stats(),
            "",
            lost,
            Map.of(),
            List.of());
    repository.repository.write(
        TestRepository.WRITE, writer -> new SnapshotEditor(writer.manifests()).save(broken));
    SnapshotManifest next = repository.snapshot(FakeTree.of(tree()), REQUEST).manifest();
    assertEquals(0, next.stats().cachedFiles());
    checkWhole(repository, next);
  }

  @Test
  void aStoreThatFailsForGoodFailsTheUpload() throws IOException {
    FaultyStore faulty = new FaultyStore(new MemoryStore(FakeClock.of2026()), Retry.NEVER);
    TestRepository repository = TestRepository.create(faulty);
    faulty.failNext(FaultyStore.Fault.CRASH_BEFORE);
    assertThrows(
        RepositoryException.class, () -> repository.snapshot(FakeTree.of(tree()), REQUEST));
  }
}
