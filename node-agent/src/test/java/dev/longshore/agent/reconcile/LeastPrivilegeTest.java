package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Furniture;
import dev.longshore.agent.world.velero.BackupDeletion;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The roles that the chart ships are enough, as all tests run with them; and none of their rules
/// can be left out.
class LeastPrivilegeTest {
  /// What only clusters ask for that check references to owners, which the stand-in does not.
  private static final String OF_OTHER_CLUSTERS = "/finalizers.velero.io";

  /// What is done once by every process, before the part that runs in the stand-in.
  private static final Set<String> OF_THE_PROCESS = Set.of("get daemonsets.apps");

  /// What a driver's snapshot metadata service demands of movers.
  private static final String OF_DRIVERS = "get volumesnapshots.snapshot.storage.k8s.io";

  private final Set<String> unused = new TreeSet<>();
  private boolean first = true;

  private void note(Shop shop) {
    List<String> now = shop.cluster().server().access().unused();
    if (first) {
      unused.addAll(now);
      first = false;
    }
    unused.retainAll(now);
  }

  @Test
  void everyPermissionOfTheChartIsNeeded() throws Exception {
    keepsOwnRepositoriesAndOrder();
    movesVolumesOfPods();
    cancelsAndLeavesToOthers();
    movesFilesAsDevices();
    unused.removeIf(one -> one.contains(Shop.MOVER) && one.endsWith(OF_DRIVERS));
    unused.removeIf(one -> one.contains(OF_OTHER_CLUSTERS));
    unused.removeIf(one -> OF_THE_PROCESS.stream().anyMatch(one::endsWith));
    assertEquals(Set.of(), unused);
  }

  private void keepsOwnRepositoriesAndOrder() throws Exception {
    AgentConfig config =
        ConfigReader.read(
            JsonCodec.parseObject(
                """
                {"loadConcurrency":{"perNodeConfig":[{"nodeSelector":{},"number":2}]},
                 "cachePVC":{"storageClass":"fast"},
                 "longshore":{"verifyInterval":"1h"}}
                """));
    Shop shop =
        new Shop(
            Cluster.Options.of(1),
            config,
            new Ownership("longshore", false),
            new UpkeepSettings(true, "repositories", "jobs", Duration.ofMinutes(10), true));
    shop.cluster().turns().crash(Cluster.VELERO_REPOSITORIES);
    shop.cluster().addBackupSync();
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.addClaim("more", "waiting");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.restore("drill", "nightly", "copy");
    assertTrue(shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 2), Shop.LONG));
    KubeObject backup = shop.cluster().server().get(Velero.BACKUPS, Shop.VELERO, "nightly");
    shop.cluster().server().create(Velero.DELETE_BACKUP_REQUESTS, BackupDeletion.request(backup));
    assertTrue(
        shop.cluster()
            .runUntil(() -> shop.cluster().repository().snapshots().isEmpty(), Shop.LONG));
    shop.cluster().run(Duration.ofMinutes(30));
    note(shop);
  }

  private void movesVolumesOfPods() throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(2).with(VeleroSettings.standard("")),
            AgentConfig.defaults(),
            new Ownership("longshore", true));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.backUpPods("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.cluster().server().all(Velero.BACKUPS).stream()
                        .anyMatch(one -> Shop.phase(one).equals("Completed")),
                Shop.LONG));
    shop.restore("drill", "nightly", "copy");
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> Shop.areOver(shop.cluster().server().all(Velero.POD_VOLUME_RESTORES), 1),
                Shop.LONG));
    note(shop);
  }

  private void cancelsAndLeavesToOthers() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(3));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(Duration.ofMinutes(30));
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> shop.uploads().stream().anyMatch(one -> Shop.phase(one).equals("InProgress")),
                Shop.LONG));
    for (int i = 0; i < 3; i++) {
      KubeObject pod =
          shop.cluster().server().all(Resource.PODS).stream()
              .filter(one -> !one.label("longshore.dev/task").isEmpty())
              .filter(one -> one.text("status", "phase").equals("Running"))
              .findFirst()
              .orElseThrow();
      shop.cluster().kubeletOf(pod).oomKill(pod);
      shop.cluster().run(Duration.ofMinutes(7));
    }
    for (KubeObject upload : shop.uploads()) {
      shop.cluster()
          .server()
          .patch(
              Velero.DATA_UPLOADS,
              Shop.VELERO,
              upload.name(),
              Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
    }
    assertTrue(shop.cluster().runUntil(() -> Shop.areOver(shop.uploads(), 1), Shop.LONG));
    // What belongs to nobody is told again and again, on one event.
    shop.cluster()
        .server()
        .create(
            Resource.CLAIMS,
            Furniture.claim(Shop.VELERO, "orphan", "fast", "1Gi")
                .withLabel(Names.OWNER_UID_LABEL, "nobody"));
    shop.cluster().run(Duration.ofMinutes(100));
    note(shop);
  }

  private void movesFilesAsDevices() throws Exception {
    AgentConfig config =
        ConfigReader.read(
            JsonCodec.parseObject(
                "{\"longshore\":{\"retainBaseSnapshots\":[\"" + Cluster.DRIVER + "\"]}}"));
    Shop shop =
        new Shop(
            Cluster.Options.of(4).with(VeleroSettings.standard("velero-block")),
            config,
            new Ownership("longshore", true));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.restore("drill", "nightly", "copy");
    assertTrue(shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 1), Shop.LONG));
    shop.cluster().run(Duration.ofMinutes(30));
    note(shop);
  }
}
