package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.world.Cluster;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Many transfers at once: what each of them costs the API server.
class ScaleTest {
  /// 1,000 takes minutes: `-Dlongshore.scale.transfers=1000`.
  private static final int TRANSFERS = Integer.getInteger("longshore.scale.transfers", 20);

  private static final int WAITING = Integer.getInteger("longshore.scale.waiting", 60);

  private static final int MOST_CALLS = 150;

  @Test
  void callsGrowWithTransfersAndNotFaster() throws Exception {
    AgentConfig config =
        ConfigReader.read(
            JsonCodec.parseObject(
                "{\"loadConcurrency\":{\"globalConfig\":20,\"prepareQueueLength\":100}}"));
    Shop shop = new Shop(Cluster.Options.of(1), config, new Ownership("longshore", false));
    for (int i = 0; i < TRANSFERS; i++) {
      shop.addClaim("data-" + i, "fast");
    }
    shop.addAgent("agent-1");
    shop.cluster().run(Duration.ofMinutes(1));
    shop.cluster().server().counters().reset();
    Instant begin = shop.cluster().clock().instant();
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(() -> Shop.areOver(shop.uploads(), TRANSFERS), Duration.ofHours(24)));
    for (KubeObject upload : shop.uploads()) {
      assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(Duration.ofHours(1)));
    long calls = shop.cluster().server().counters().of(Shop.AGENT);
    long writes = shop.cluster().server().counters().writesOf(Shop.AGENT);
    System.out.printf(
        "%d transfers: %.1f calls of the agent for each, %.1f of them writes; %s of virtual time,"
            + " %d MB of heap in use%n",
        TRANSFERS,
        (double) calls / TRANSFERS,
        (double) writes / TRANSFERS,
        Duration.between(begin, shop.cluster().clock().instant()),
        usedMegabytes());
    assertTrue(
        calls < (long) MOST_CALLS * TRANSFERS,
        () -> calls + " calls:\n" + shop.cluster().server().counters());
  }

  @Test
  void transfersThatWaitForOthersCostLittle() throws Exception {
    AgentConfig config =
        ConfigReader.read(
            JsonCodec.parseObject("{\"loadConcurrency\":{\"prepareQueueLength\":1}}"));
    Shop shop = new Shop(Cluster.Options.of(2), config, new Ownership("longshore", false));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(Duration.ofHours(3));
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> shop.uploads().stream().anyMatch(one -> Shop.phase(one).equals("InProgress")),
                Shop.LONG));
    KubeObject first = shop.uploads().getFirst();
    for (int i = 0; i < WAITING; i++) {
      shop.cluster()
          .server()
          .create(
              Velero.DATA_UPLOADS,
              KubeObject.of(Velero.DATA_UPLOADS, Shop.VELERO, "waiting-" + i)
                  .with(first.object("spec"), "spec"));
    }
    shop.cluster().server().counters().reset();
    int minutes = 10;
    shop.cluster().run(Duration.ofMinutes(minutes));
    long calls = shop.cluster().server().counters().of(Shop.AGENT);
    System.out.printf(
        "%d transfers that wait for %d minutes: %.1f calls for each, %d MB of heap in use%n",
        WAITING, minutes, (double) calls / WAITING, usedMegabytes());
    assertTrue(
        calls < (long) WAITING * (minutes + 6) + 1000,
        () -> calls + " calls:\n" + shop.cluster().server().counters());
  }

  @Test
  void transfersThatWaitForTheStorageAreLookedAtLessAndLessOften() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(3));
    KubeObject location =
        shop.cluster().server().get(Velero.STORAGE_LOCATIONS, Shop.VELERO, "default");
    shop.cluster()
        .server()
        .replace(Velero.STORAGE_LOCATIONS, location.with("Unavailable", "status", "phase"));
    shop.addAgent("agent-1");
    for (int i = 0; i < WAITING; i++) {
      shop.cluster()
          .server()
          .create(
              Velero.DATA_UPLOADS,
              KubeObject.of(Velero.DATA_UPLOADS, Shop.VELERO, "waiting-" + i)
                  .with("CSI", "spec", "snapshotType")
                  .with("data", "spec", "sourcePVC")
                  .with(Shop.NAMESPACE, "spec", "sourceNamespace")
                  .with("longshore", "spec", "datamover")
                  .with("default", "spec", "backupStorageLocation")
                  .with("10m0s", "spec", "operationTimeout"));
    }
    shop.cluster().server().counters().reset();
    shop.cluster().run(Duration.ofMinutes(10));
    long calls = shop.cluster().server().counters().of(Shop.AGENT);
    System.out.printf(
        "%d transfers that wait for the storage for 10 minutes: %.1f calls for each%n",
        WAITING, (double) calls / WAITING);
    assertTrue(
        shop.uploads().stream().allMatch(one -> Shop.phase(one).equals("Accepted")),
        () -> Shop.text(shop.uploads()));
    assertTrue(
        calls < 150L * WAITING, () -> calls + " calls:\n" + shop.cluster().server().counters());
  }

  /// Of the agent, the API server and all stand-ins together.
  private static long usedMegabytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
  }
}
