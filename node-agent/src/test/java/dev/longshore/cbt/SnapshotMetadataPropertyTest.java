package dev.longshore.cbt;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.cbt.FaultyService.Lie;
import dev.longshore.engine.testkit.SelfSigned;
import dev.longshore.kube.server.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a service does that can be told from its answers: all blocks, or a failure.
class SnapshotMetadataPropertyTest {
  private static final int SEEDS = Integer.getInteger("longshore.cbt.seeds", 300);
  private static final String AUDIENCE = "snapshot-metadata";
  private static final MetadataQuery QUERY = new MetadataQuery.Delta("velero", "base-1", "snap");

  private static final List<Lie> LIES = List.of(Lie.values());

  @TempDir private Path folder;
  private int exact;
  private int refused;

  @Test
  void allBlocksOrAFailure() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      Trial trial = new Trial(seed);
      trial.run(new DirectCalls(trial.service));
    }
    assertTrue(exact > SEEDS / 10, "exact " + exact);
    assertTrue(refused > SEEDS / 3, "refused " + refused);
  }

  @Test
  void allBlocksOrAFailureOverTls() throws Exception {
    SelfSigned identity = SelfSigned.make(folder, "dns:localhost");
    MetadataResponder[] current = new MetadataResponder[1];
    try (MetadataServer server = new MetadataServer(identity, asked -> current[0].answer(asked));
        GrpcCalls calls =
            GrpcCalls.to(server.address(AUDIENCE), Duration.ofSeconds(20), () -> false)) {
      for (int seed = 0; seed < SEEDS / 10; seed++) {
        Trial trial = new Trial(seed);
        current[0] = trial.service;
        trial.run(calls);
      }
    }
    assertTrue(exact > SEEDS / 100, "exact " + exact);
    assertTrue(refused > SEEDS / 30, "refused " + refused);
  }

  private final class Trial {
    private final long seed;
    private final VirtualTime time = new VirtualTime();
    private final ApiServer server;
    private final List<Extent> truth = new ArrayList<>();
    private final int device;
    private final int capacity;
    private final Lie lie;
    private final FaultyService service;

    Trial(long seed) {
      this.seed = seed;
      SplittableRandom random = new SplittableRandom(seed);
      server = new ApiServer(time, new Random(seed));
      capacity = 1 + random.nextInt(20_000);
      device = capacity + (random.nextInt(3) == 0 ? random.nextInt(5000) : 0);
      int longest = 1 + random.nextInt(capacity);
      for (int at = random.nextInt(longest); at < capacity; at += random.nextInt(longest)) {
        int length = Math.min(capacity - at, 1 + random.nextInt(longest));
        truth.add(new Extent(at, length));
        at += length;
      }
      lie = random.nextInt(4) == 0 ? Lie.NONE : LIES.get(random.nextInt(LIES.size()));
      SplittableRandom chance = random.split();
      service =
          new FaultyService(
              truth,
              capacity,
              lie,
              token -> {
                time.pass(Duration.ofMinutes(chance.nextInt(15)));
                return server.tokens().review(token, AUDIENCE).isPresent();
              },
              chance);
    }

    void run(MetadataCalls calls) throws InterruptedException {
      BitSet found = new BitSet();
      TokenSource tokens =
          new ServiceAccountTokens(server, "velero", "longshore-mover", AUDIENCE, time);
      SnapshotMetadata metadata = new SnapshotMetadata(calls, tokens, time.pace(seed), () -> false);
      try {
        metadata.read(
            QUERY,
            device,
            (offset, length) -> {
              assertTrue(offset >= 0 && length > 0 && offset + length <= device);
              found.set((int) offset, (int) (offset + length));
            });
      } catch (MetadataException e) {
        assertTrue(
            lie != Lie.NONE || e.code().equals("UNAUTHENTICATED"), "seed " + seed + ": " + e);
        refused++;
        return;
      }
      BitSet expected = new BitSet();
      truth.forEach(one -> expected.set((int) one.offset(), (int) (one.offset() + one.length())));
      if (!truth.isEmpty()) {
        expected.set(capacity, device);
      }
      if (lie != Lie.NONE) {
        // One that nothing contradicts, such as a capacity that is too small: what is read is more.
        expected.andNot(found);
        assertTrue(expected.isEmpty(), "seed " + seed + " lacks blocks after " + lie);
        return;
      }
      assertTrue(expected.equals(found), "seed " + seed + " has other blocks");
      exact++;
    }
  }
}
