package dev.longshore.engine.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.ForwardingStore;
import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.error.BusyException;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.WriteOptions;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.maintenance.MaintenanceParams;
import dev.longshore.format.maintenance.MaintenanceParams.LogRetention;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.maintenance.MaintenanceTask;
import dev.longshore.format.maintenance.TaskRun;
import dev.longshore.format.maintenance.TaskStats;
import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaintenanceTest {
  private static final MaintenanceSafety FULL = MaintenanceSafety.FULL;

  @TempDir private Path folder;

  private final FakeClock clock = FakeClock.of2026();
  private final MemoryStore memory = new MemoryStore(clock);
  private final FaultyStore store = new FaultyStore(memory, Retry.NEVER);
  private final RandomGenerator random = Seeds.generator(6);

  private MaintainedRepository create() throws RepositoryException {
    return MaintainedRepository.create(store, clock, 3);
  }

  private SnapshotManifest snapshot(MaintainedRepository client, int files)
      throws RepositoryException {
    Map<String, byte[]> content = new HashMap<>();
    for (int i = 0; i < files; i++) {
      content.put("f" + i, Seeds.bytes(random, 1000 + random.nextInt(100_000)));
    }
    return client.snapshot(content);
  }

  /// Neighbours are fetched together, and what is not needed is not fetched.
  @Test
  void aPackIsReadWithOneRequestForWhatIsRewritten() throws Exception {
    try (MaintainedRepository client = create()) {
      for (int i = 0; i < 6; i++) {
        snapshot(client, 10);
      }
      clock.advance(Duration.ofHours(3));
      int before = store.calls().size();
      ContentRewrite.Options options = ContentRewrite.Options.of("", Duration.ZERO, 2, false);
      TaskStats.RewrittenContents done =
          ContentRewrite.run(
              client.repository, options, random, MaintenanceListener.NONE, () -> {});
      assertTrue(done.rewritten().count() > 60, "" + done);
      assertEquals(done.toRewrite(), done.rewritten());
      Map<String, Integer> reads = new HashMap<>();
      for (String call : store.calls().subList(before, store.calls().size())) {
        if (call.startsWith("get p") || call.startsWith("get q")) {
          reads.merge(call.split(" ", -1)[1], 1, Integer::sum);
        }
      }
      assertTrue(reads.size() > 6, "" + reads);
      reads.forEach((pack, count) -> assertEquals(1, count, pack));
    }
  }

  /// The number of entries in memory is limited: more are gone through in several passes.
  @Test
  void manyContentsAreRewrittenInShares() throws Exception {
    try (MaintainedRepository client = create()) {
      for (int i = 0; i < 5; i++) {
        snapshot(client, 8);
      }
      clock.advance(Duration.ofHours(3));
      List<Integer> steps = new ArrayList<>();
      ContentRewrite.Options options =
          new ContentRewrite.Options(
              "", ContentRange.ALL_WITH_DELETED, Duration.ZERO, 2, 10, false);
      ContentRewrite.run(
          client.repository, options, random, MaintenanceListener.NONE, () -> steps.add(1));
      assertTrue(steps.size() > 3, "" + steps);
      client.repository.refresh();
      client.snapshots().forEach(snapshot -> assertReads(client, snapshot));
    }
  }

  private static void assertReads(MaintainedRepository client, SnapshotManifest snapshot) {
    try {
      assertEquals(8, client.read(snapshot).size());
    } catch (RepositoryException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void damagedContentsAreNotRewrittenAndTheTaskFails() throws Exception {
    try (MaintainedRepository client = create()) {
      for (int i = 0; i < 3; i++) {
        snapshot(client, 3);
      }
      BlobId[] pack = new BlobId[1];
      memory.list("p", blob -> pack[0] = blob.id());
      byte[] bytes = memory.get(pack[0]);
      Arrays.fill(bytes, 100, bytes.length / 2, (byte) 7);
      memory.put(pack[0], ByteBuffer.wrap(bytes), PutOptions.NONE);
      clock.advance(Duration.ofHours(30));
      assertThrows(DamagedException.class, () -> client.maintain(MaintenanceMode.FULL, FULL));
      List<TaskRun> runs =
          client
              .repository
              .maintenance()
              .schedule()
              .runsOf(MaintenanceTask.FULL_REWRITE_CONTENTS.id());
      assertEquals(1, runs.size());
      assertFalse(runs.getFirst().success());
      assertTrue(runs.getFirst().error().contains("could not be rewritten"), runs.toString());
      assertTrue(memory.metadata(pack[0]).isPresent());
    }
  }

  /// Nobody knows what such a snapshot needs.
  @Test
  void nothingIsMarkedDeletedIfASnapshotCannotBeRead() throws Exception {
    try (MaintainedRepository client = create()) {
      SnapshotManifest gone = snapshot(client, 2);
      snapshot(client, 2);
      client.delete(gone.id().orElseThrow());
      client.repository.write(
          WriteOptions.forPurpose("test"),
          writer ->
              writer
                  .manifests()
                  .put(
                      SnapshotManifest.labelsOf(MaintainedRepository.SOURCE),
                      "{\"startTime\":7}".getBytes(StandardCharsets.US_ASCII)));
      clock.advance(Duration.ofHours(30));
      assertThrows(DamagedException.class, () -> client.maintain(MaintenanceMode.FULL, FULL));
      int[] deleted = new int[1];
      client
          .repository
          .contents()
          .forEach(ContentRange.ALL_WITH_DELETED, entry -> deleted[0] += entry.deleted() ? 1 : 0);
      assertEquals(0, deleted[0]);
    }
  }

  @Test
  void aMissingContentEndsTheCollection() throws Exception {
    try (MaintainedRepository client = create()) {
      SnapshotManifest made = snapshot(client, 1);
      BlobId lost = indexOf(client, SnapshotTree.root(made).objectId().contentId());
      // The manifest is in another index blob as well, so only the contents are lost.
      client.repository.write(
          WriteOptions.forPurpose("test"),
          writer -> new SnapshotEditor(writer.manifests()).save(made));
      memory.delete(lost);
      MaintainedRepository second = MaintainedRepository.open(memory, clock, 77);
      clock.advance(Duration.ofHours(30));
      RepositoryException fault =
          assertThrows(
              RepositoryException.class, () -> second.maintain(MaintenanceMode.FULL, FULL));
      assertTrue(fault instanceof NotFoundException, "" + fault);
      second.close();
    }
  }

  private static BlobId indexOf(MaintainedRepository client, ContentId id)
      throws RepositoryException {
    for (BlobMetadata blob : client.repository.contents().activeIndexBlobs()) {
      if (client.repository.contents().readIndexBlob(blob.id()).find(id).isPresent()) {
        return blob.id();
      }
    }
    throw new AssertionError("no index blob has " + id);
  }

  /// Kopia's rule is an hour after a rewriting that is in the history; ours is there from its
  /// start.
  @Test
  void packsStayForAnHourAfterARewritingThatWasCutOff() {
    Instant end = clock.instant();
    TaskRun cutOff = new TaskRun(end, end, false, "not finished", List.of());
    MaintenanceSchedule schedule =
        MaintenanceSchedule.EMPTY.withRun(MaintenanceTask.FULL_REWRITE_CONTENTS.id(), cutOff);
    assertEquals(end.plus(Duration.ofHours(1)), MaintenanceRules.nextPackDeletion(schedule, FULL));
    assertTrue(MaintenanceRules.mayRewrite(schedule, FULL, true));
  }

  @Test
  void onlyTheOwnerMaintainsAndNobodyByAccident() throws Exception {
    try (MaintainedRepository client = create()) {
      client.repository.write(
          WriteOptions.forPurpose("test"),
          writer ->
              writer
                  .manifests()
                  .replace(
                      MaintenanceParams.LABELS,
                      MaintenanceParams.defaults("somebody@else").encode()));
      assertEquals(Optional.empty(), client.maintain(MaintenanceMode.AUTO, FULL));
      BusyException refused =
          assertThrows(BusyException.class, () -> client.maintain(MaintenanceMode.QUICK, FULL));
      assertTrue(String.valueOf(refused.getMessage()).contains("somebody@else"), "" + refused);
    }
  }

  @Test
  void clocksThatDifferAreRefused() throws Exception {
    FakeClock fast = FakeClock.of2026();
    try (MaintainedRepository client = create();
        MaintainedRepository wrong = MaintainedRepository.open(store, fast, 9)) {
      fast.advance(Duration.ofMinutes(6));
      assertThrows(DamagedException.class, () -> wrong.maintain(MaintenanceMode.QUICK, FULL));
      client.maintain(MaintenanceMode.QUICK, FULL);
    }
  }

  @Test
  void oneProcessAtATimeHasTheLock() throws Exception {
    Path file = MaintenanceLock.file(folder.resolve("repository.config"));
    assertEquals("repository.config.mlock", file.getFileName().toString());
    try (MaintenanceLock first = MaintenanceLock.tryTake(file).orElseThrow()) {
      assertTrue(first != null);
      assertTrue(MaintenanceLock.tryTake(file).isEmpty());
    }
    MaintenanceLock.tryTake(file).orElseThrow().close();
  }

  @Test
  void theNewestLogsStay() throws Exception {
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofDays(1));
      memory.put(new BlobId("_log_" + i), ByteBuffer.wrap(new byte[100]), PutOptions.NONE);
    }
    Instant now = clock.instant();
    assertEquals(
        new TaskStats.Tally(7, 700),
        logs(new LogRetention(350, 100, Duration.ofDays(30)), now, true).toDelete());
    assertEquals(2, logs(new LogRetention(0, 8, Duration.ZERO), now, true).toDelete().count());
    assertEquals(
        new TaskStats.Tally(5, 500),
        logs(new LogRetention(0, 0, Duration.ofDays(4)), now, false).deleted());
    List<String> left = new ArrayList<>();
    memory.list("_log", blob -> left.add(blob.id().value()));
    assertEquals(List.of("_log_5", "_log_6", "_log_7", "_log_8", "_log_9"), left);
  }

  private TaskStats.CleanedLogs logs(LogRetention retention, Instant now, boolean dryRun)
      throws RepositoryException {
    return LogCleanup.run(memory, retention, now, dryRun);
  }

  @Test
  void locksAreRenewedOfTheBlobsThatHaveThem() throws Exception {
    for (String name : List.of("p1", "q1", "xn0_1", "n1", "s1-s2", "_log_1", "kopia.blobcfg")) {
      memory.put(new BlobId(name), ByteBuffer.wrap(new byte[10]), PutOptions.NONE);
    }
    BlobRetention retention = new BlobRetention("GOVERNANCE", Duration.ofDays(15));
    List<String> renewed = new CopyOnWriteArrayList<>();
    BlobStore locking =
        new ForwardingStore(memory) {
          @Override
          public void extendRetention(BlobId id, BlobRetention asked) {
            assertEquals(retention, asked);
            renewed.add(id.value());
          }
        };
    assertEquals(
        Optional.of(new TaskStats.ExtendedRetention(5, 5, "360h0m0s")),
        LockRenewal.run(locking, retention, 2, false));
    assertEquals(
        List.of("kopia.blobcfg", "n1", "p1", "q1", "xn0_1"), renewed.stream().sorted().toList());
    assertEquals(
        Optional.of(new TaskStats.ExtendedRetention(5, 0, "360h0m0s")),
        LockRenewal.run(memory, retention, 2, true));
    assertEquals(Optional.empty(), LockRenewal.run(memory, BlobRetention.NONE, 2, false));
    assertThrows(UnsupportedException.class, () -> LockRenewal.run(memory, retention, 2, false));
    MaintenanceParams params = MaintenanceParams.defaults("a@b");
    MaintenanceParams extending =
        new MaintenanceParams("a@b", params.quick(), params.full(), params.logRetention(), true, 0);
    assertTrue(
        LockRenewal.problem(new BlobRetention("GOVERNANCE", Duration.ofHours(40)), extending)
            .isPresent());
    assertEquals(Optional.empty(), LockRenewal.problem(retention, extending));
    assertEquals(
        Optional.empty(),
        LockRenewal.problem(new BlobRetention("GOVERNANCE", Duration.ofHours(24)), params));
  }

  @Test
  void aLockThatCannotBeRenewedLeavesNoOtherWithout() throws Exception {
    for (int i = 0; i < 30; i++) {
      memory.put(new BlobId("p" + i), ByteBuffer.wrap(new byte[10]), PutOptions.NONE);
    }
    List<BlobId> renewed = new CopyOnWriteArrayList<>();
    BlobStore locking =
        new ForwardingStore(memory) {
          @Override
          public void extendRetention(BlobId id, BlobRetention asked) throws RepositoryException {
            switch (id.value()) {
              case "p3" -> throw new NotFoundException("deleted meanwhile");
              case "p5", "p6" -> throw new StoreException("refused", StoreException.Retry.NEVER);
              default -> renewed.add(id);
            }
          }
        };
    BlobRetention retention = new BlobRetention("GOVERNANCE", Duration.ofDays(15));
    StoreException fault =
        assertThrows(StoreException.class, () -> LockRenewal.run(locking, retention, 2, false));
    assertEquals("the locks of 2 of 30 blobs were not extended: refused", fault.getMessage());
    assertEquals(27, renewed.size());
  }

  @Test
  void snapshotsBeyondLimitsAreTheOldest() throws Exception {
    try (MaintainedRepository client = create()) {
      List<SnapshotManifest> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clock.advance(Duration.ofHours(1));
        all.add(client.snapshot(Map.of("same", new byte[5000], "own", Seeds.bytes(random, 1000))));
      }
      assertEquals(
          all.subList(0, 3), new SnapshotLimits(2, Long.MAX_VALUE).beyond(client.repository, all));
      // The newest takes the shared file too: 6000 bytes and a little; each older one 1000 more.
      assertEquals(
          all.subList(0, 2),
          new SnapshotLimits(Long.MAX_VALUE, 8500).beyond(client.repository, all));
      assertEquals(
          all.subList(0, 4), new SnapshotLimits(Long.MAX_VALUE, 1).beyond(client.repository, all));
      assertEquals(List.of(), SnapshotLimits.NONE.beyond(client.repository, all));
    }
  }
}
