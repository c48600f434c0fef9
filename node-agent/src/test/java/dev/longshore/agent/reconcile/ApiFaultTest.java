package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.world.Cluster;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.Request;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The API fails at random, before or after it did what it was asked; agents race.
class ApiFaultTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);
  private static final int SEEDS = Integer.getInteger("longshore.faults.seeds", 8);

  private static boolean isOurs(Request request) {
    return request.user().equals(Shop.AGENT) || request.user().equals(Shop.MOVER);
  }

  private static void addFaults(ApiServer server) {
    server.faults().on(one -> isOurs(one) && one.isWrite()).chance(0.03).before(Faults.conflict());
    server.faults().on(ApiFaultTest::isOurs).chance(0.02).before(Faults.internal());
    server
        .faults()
        .on(ApiFaultTest::isOurs)
        .chance(0.02)
        .before(Faults.tooMany(Duration.ofSeconds(2)));
    server.faults().on(one -> isOurs(one) && one.isWrite()).chance(0.03).after(Faults.noAnswer());
    server.faults().on(one -> isOurs(one) && !one.isWrite()).chance(0.01).before(Faults.gone());
  }

  /// Watches break now and then, and what they would have gone on from is forgotten.
  private static void breakWatches(Shop shop, RandomGenerator random, int times) {
    Duration at = Duration.ZERO;
    for (int i = 0; i < times; i++) {
      at = at.plusMillis(random.nextInt(40_000));
      shop.cluster()
          .turns()
          .in(
              at,
              () -> {
                if (random.nextBoolean()) {
                  shop.cluster().server().compact();
                }
                int _ = shop.cluster().server().dropWatches(ApiFaultTest::isOurs);
              });
    }
  }

  @Test
  void faultsAndLostWatchesOnlyDelay() throws Exception {
    for (int seed = 1; seed <= SEEDS; seed++) {
      String what = "seed " + seed;
      Shop shop = new Shop(Cluster.Options.of(seed));
      shop.addAgent("agent-1");
      shop.addAgent("agent-2");
      shop.addClaim("data", "fast");
      shop.addClaim("more", "fast");
      addFaults(shop.cluster().server());
      breakWatches(shop, shop.cluster().random(), 30);
      assertEquals("Completed", shop.backUpToTheEnd("nightly"), () -> Shop.text(shop.uploads()));
      for (KubeObject upload : shop.uploads()) {
        assertEquals("Completed", Shop.phase(upload), () -> what + Shop.text(upload));
      }
      breakWatches(shop, shop.cluster().random(), 30);
      shop.restore("drill", "nightly", "copy");
      assertTrue(
          shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 2), Shop.LONG),
          () -> what + Shop.text(shop.downloads()));
      for (KubeObject download : shop.downloads()) {
        assertEquals("Completed", Shop.phase(download), () -> what + Shop.text(download));
      }
      shop.cluster().server().faults().clear();
      assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), what);
    }
  }

  /// As if every agent had a lease of its own: they all lead.
  @Test
  void agentsThatAllLeadDoNoHarm() throws Exception {
    for (int seed = 1; seed <= SEEDS / 2; seed++) {
      String what = "seed " + seed;
      Shop shop = new Shop(Cluster.Options.of(100 + seed));
      for (int i = 1; i <= 4; i++) {
        shop.addAgent("agent-" + i, "lease-" + i);
      }
      shop.addClaim("data", "fast");
      shop.backUp("nightly");
      int[] most = new int[1];
      assertTrue(
          shop.cluster()
              .runUntil(
                  () -> {
                    most[0] = Math.max(most[0], movers(shop));
                    return Shop.areOver(shop.uploads(), 1);
                  },
                  Shop.LONG),
          () -> what + Shop.text(shop.uploads()));
      assertEquals(1, most[0], what);
      assertEquals("Completed", Shop.phase(shop.uploads().getFirst()), what);
      assertEquals(1, shop.cluster().repository().snapshots().size(), what);
      assertEquals(1, shop.cluster().server().all(Velero.BACKUP_REPOSITORIES).size(), what);
      assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), what);
    }
  }

  private static int movers(Shop shop) {
    return (int)
        shop.cluster().server().all(Resource.PODS).stream()
            .filter(pod -> !pod.label("longshore.dev/task").isEmpty())
            .count();
  }
}
