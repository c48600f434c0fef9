package dev.longshore.engine.maintenance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.PutOptions;
import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.content.ContentRange;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException.Retry;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.FaultyStore;
import dev.longshore.engine.testkit.FaultyStore.Fault;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A maintenance that dies at any call to the store loses nothing, and those that follow finish its
/// work.
final class MaintenanceCrashTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /// How many calls to die at; all of them, and more, with a large number.
  private static final int KILLS = Integer.getInteger("longshore.kills", 5);

  private final FakeClock clock = new FakeClock(START);
  private final MemoryStore store = new MemoryStore(clock);
  private final Map<String, Map<String, byte[]>> expected = new HashMap<>();

  @ParameterizedTest
  @CsvSource({"3, CRASH_BEFORE", "3, CRASH_AFTER", "1, CRASH_AFTER"})
  void theNextOneGoesOn(int version, Fault fault) throws Exception {
    prepare(version);
    int calls = callsOf(copy(clock.instant()), 0, fault);
    assertTrue(calls > 20, calls + " calls");
    int step = Math.max(1, calls / KILLS);
    for (int at = 1 + (version + fault.name().length()) % step; at <= calls; at += step) {
      MemoryStore copied = copy(clock.instant());
      callsOf(copied, at, fault);
      finish(copied, "call " + at + " of " + calls);
    }
  }

  /// A repository with a lot to do: several days of snapshots, most of them deleted, and a content
  /// that nobody names.
  private void prepare(int version) throws RepositoryException {
    RandomGenerator random = Seeds.generator(4);
    try (MaintainedRepository client = MaintainedRepository.create(store, clock, version)) {
      for (int i = 0; i < 34; i++) {
        Map<String, byte[]> files = new HashMap<>();
        files.put("same", "the same in all".getBytes(StandardCharsets.UTF_8));
        files.put("other", Seeds.bytes(random, 3000));
        SnapshotManifest made = client.snapshot(files);
        if (i % 4 == 0) {
          expected.put(made.id().orElseThrow().value(), files);
        } else {
          client.delete(made.id().orElseThrow());
        }
        clock.advance(Duration.ofHours(3));
        if (i % 12 == 11) {
          client.maintain(MaintenanceMode.FULL, MaintenanceSafety.FULL);
        }
      }
      clock.advance(Duration.ofHours(30));
    }
  }

  /// The store as it is, times and all.
  private MemoryStore copy(Instant now) throws RepositoryException {
    FakeClock times = new FakeClock(START);
    MemoryStore copied = new MemoryStore(times);
    List<BlobMetadata> blobs = new ArrayList<>();
    store.list("", blobs::add);
    blobs.sort(Comparator.comparing(BlobMetadata::timestamp));
    for (BlobMetadata blob : blobs) {
      times.advance(Duration.between(times.instant(), blob.timestamp()));
      copied.put(blob.id(), ByteBuffer.wrap(store.get(blob.id())), PutOptions.NONE);
    }
    times.advance(Duration.between(times.instant(), now));
    clocks.put(copied, times);
    return copied;
  }

  private final Map<MemoryStore, FakeClock> clocks = new HashMap<>();

  private FakeClock clockOf(MemoryStore copied) {
    return Objects.requireNonNull(clocks.get(copied));
  }

  /// Runs a full maintenance that dies at a call; 0 for none.
  ///
  /// @return the number of calls after opening
  private int callsOf(MemoryStore copied, int at, Fault fault) throws RepositoryException {
    FaultyStore faulty = new FaultyStore(copied, Retry.NEVER);
    MaintainedRepository client = MaintainedRepository.open(faulty, clockOf(copied), 7);
    int opened = faulty.count();
    if (at > 0) {
      faulty.failAt(opened + at, fault);
    }
    try {
      client.maintain(MaintenanceMode.FULL, MaintenanceSafety.FULL);
      assertEquals(0, at, "it went on without the store");
    } catch (RepositoryException e) {
      assertTrue(at > 0, () -> "no fault on purpose: " + e);
    }
    return faulty.count() - opened;
  }

  private void finish(MemoryStore copied, String when) throws RepositoryException {
    try (MaintainedRepository client =
        MaintainedRepository.open(copied, clockOf(copied), when.hashCode())) {
      check(client, when);
      for (int i = 0; i < 6; i++) {
        clockOf(copied).advance(Duration.ofHours(25));
        client.maintain(MaintenanceMode.FULL, MaintenanceSafety.FULL);
      }
      check(client, when);
      Set<BlobId> named = new HashSet<>();
      client
          .repository
          .contents()
          .forEach(ContentRange.ALL_WITH_DELETED, entry -> named.add(entry.packBlobId()));
      copied.list(
          "p", blob -> assertTrue(named.contains(blob.id()), () -> when + ": left " + blob.id()));
      copied.list("s", blob -> assertFalse(true, () -> when + ": left " + blob.id()));
    }
  }

  private void check(MaintainedRepository client, String when) throws RepositoryException {
    List<SnapshotManifest> snapshots = client.snapshots();
    assertEquals(expected.size(), snapshots.size(), when);
    for (SnapshotManifest snapshot : snapshots) {
      Map<String, byte[]> files =
          Objects.requireNonNull(expected.get(snapshot.id().orElseThrow().value()));
      Map<String, byte[]> read = client.read(snapshot);
      assertEquals(files.keySet(), read.keySet(), when);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        assertArrayEquals(file.getValue(), read.get(file.getKey()), when);
      }
    }
  }
}
