package dev.longshore.engine.maintenance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.engine.blob.mem.MemoryStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.testkit.FakeClock;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.format.id.ManifestId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Writers, a client that deletes snapshots and one that maintains the repository, in any order: no
/// snapshot that was published and not deleted loses a byte, as long as each upload is published
/// within three hours. Files are few and come again and again, so that uploads find contents that a
/// collection marks, drops and deletes at the same time.
final class MaintenanceSafetyPropertyTest {
  private static final int SEEDS = 2;
  private static final int STEPS = 90;
  private static final int FILES = 10;
  private static final int WRITERS = 2;
  private static final Duration MAX_UPLOAD = Duration.ofHours(3);

  @Test
  void noLiveSnapshotLosesAByte() {
    Seeds.check(
        SEEDS,
        random -> {
          World world = new World(random, random.nextBoolean() ? 3 : 1, MaintenanceSafety.FULL);
          world.run(STEPS);
          assertTrue(world.maintenances > 3, world.maintenances + " maintenances");
        });
  }

  /// Without the margins the same goes wrong: the test above can tell.
  @Test
  void losesASnapshotWithoutMargins() throws Exception {
    assertThrows(
        RepositoryException.class,
        () -> new World(Seeds.generator(1), 3, MaintenanceSafety.NONE).race());
    new World(Seeds.generator(1), 3, MaintenanceSafety.FULL).race();
  }

  private static final class World {
    private final RandomGenerator random;
    private final MaintenanceSafety safety;
    private final FakeClock clock = FakeClock.of2026();
    private final MaintainedRepository maintainer;
    private final MaintainedRepository reader;
    private final List<MaintainedRepository> writers = new ArrayList<>();
    private final List<Open> uploads = new ArrayList<>();
    private final Map<ManifestId, Map<String, byte[]>> live = new HashMap<>();
    private final byte[][] files = new byte[FILES][];
    int maintenances;

    private record Open(
        MaintainedRepository.Upload upload, Instant start, Map<String, byte[]> files) {}

    World(RandomGenerator random, int version, MaintenanceSafety safety)
        throws RepositoryException {
      this.random = random;
      this.safety = safety;
      MemoryStore store = new MemoryStore(clock);
      maintainer = MaintainedRepository.create(store, clock, version);
      reader = MaintainedRepository.open(store, clock, random.nextLong());
      for (int i = 0; i < WRITERS; i++) {
        writers.add(MaintainedRepository.open(store, clock, random.nextLong()));
      }
      for (int i = 0; i < FILES; i++) {
        files[i] = Seeds.bytes(random, 100 + random.nextInt(2000));
      }
    }

    void run(int steps) throws RepositoryException {
      for (int i = 0; i < steps; i++) {
        step();
        check();
      }
    }

    /// An upload comes to need what a deleted snapshot had, while that is collected twice.
    void race() throws RepositoryException {
      ManifestId old = reader.snapshot(Map.of("f", files[0])).id().orElseThrow();
      clock.advance(Duration.ofHours(30));
      reader.delete(old);
      begin();
      Open open = uploads.getFirst();
      open.upload.add("f", files[0]);
      open.files.put("f", files[0]);
      for (int i = 0; i < 3; i++) {
        clock.advance(Duration.ofMinutes(1));
        maintainer.maintain(MaintenanceMode.FULL, safety);
      }
      publish(open);
      check();
    }

    private void step() throws RepositoryException {
      switch (random.nextInt(7)) {
        case 0 -> pass(Duration.ofMinutes(1 + random.nextInt(60)));
        case 1 -> pass(Duration.ofHours(1 + random.nextInt(20)));
        case 2 -> begin();
        case 3 -> add();
        case 4 -> publish();
        case 5 -> delete();
        default -> maintain();
      }
    }

    /// Uploads that would take too long are published before.
    private void pass(Duration duration) throws RepositoryException {
      Instant then = clock.instant().plus(duration);
      for (Open open : List.copyOf(uploads)) {
        if (Duration.between(open.start, then).compareTo(MAX_UPLOAD) > 0) {
          publish(open);
        }
      }
      clock.advance(duration);
    }

    private void begin() throws RepositoryException {
      MaintainedRepository writer = writers.get(random.nextInt(WRITERS));
      uploads.add(new Open(writer.new Upload(), clock.instant(), new HashMap<>()));
    }

    private void add() throws RepositoryException {
      if (!uploads.isEmpty()) {
        Open open = uploads.get(random.nextInt(uploads.size()));
        byte[] file = files[random.nextInt(FILES)];
        String name = "f" + open.files.size();
        open.upload.add(name, file);
        open.files.put(name, file);
      }
    }

    private void publish() throws RepositoryException {
      if (!uploads.isEmpty()) {
        publish(uploads.get(random.nextInt(uploads.size())));
      }
    }

    private void publish(Open open) throws RepositoryException {
      uploads.remove(open);
      try (MaintainedRepository.Upload upload = open.upload) {
        live.put(upload.publish().id().orElseThrow(), open.files);
      }
    }

    private void delete() throws RepositoryException {
      if (!live.isEmpty()) {
        ManifestId id = List.copyOf(live.keySet()).get(random.nextInt(live.size()));
        reader.repository.refresh();
        reader.delete(id);
        live.remove(id);
      }
    }

    private void maintain() throws RepositoryException {
      MaintenanceMode mode = random.nextInt(4) == 0 ? MaintenanceMode.QUICK : MaintenanceMode.FULL;
      maintainer.maintain(mode, safety);
      maintenances++;
    }

    private void check() throws RepositoryException {
      reader.repository.refresh();
      int found = 0;
      for (var snapshot : reader.snapshots()) {
        Map<String, byte[]> expected = live.get(snapshot.id().orElseThrow());
        if (expected == null) {
          continue;
        }
        found++;
        Map<String, byte[]> read = reader.read(snapshot);
        assertEquals(expected.keySet(), read.keySet());
        for (Map.Entry<String, byte[]> file : expected.entrySet()) {
          assertArrayEquals(file.getValue(), read.get(file.getKey()));
        }
      }
      assertEquals(live.size(), found);
    }
  }
}
