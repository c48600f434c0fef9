package dev.longshore.agent.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.mover.DummyRepository;
import dev.longshore.agent.world.velero.BackupDeletion;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.engine.testkit.Seeds;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Generation;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Velero's stand-ins, and movers that move words only.
class VeleroWorldTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String SHOP = "shop";
  private static final String VELERO = "velero";

  /// A cluster with one claim, whose volume holds `precious`.
  private static Cluster cluster(Cluster.Options options) throws KubeException {
    Cluster cluster = new Cluster(options);
    for (String account : List.of(SHOP, VELERO)) {
      cluster.trust(ApiServer.serviceAccount(account, "default"));
    }
    cluster.makeVolume(Furniture.claim(SHOP, "a", "fast", "1Gi"), "precious");
    return cluster;
  }

  private static Cluster cluster() throws KubeException {
    return cluster(Cluster.Options.of(1));
  }

  private static Cluster withMover() throws KubeException {
    Cluster cluster = cluster();
    cluster.addStandIn("hand-mover", HandMover::new);
    return cluster;
  }

  private static void backUp(Cluster cluster, String name) throws KubeException {
    cluster.server().create(Kinds.BACKUPS, Furniture.backup(VELERO, name, List.of(SHOP)));
  }

  private static String phase(Cluster cluster, Resource kind, String name) {
    KubeObject found = cluster.server().find(kind, VELERO, name);
    assertNotNull(found, name);
    return found.text("status", "phase");
  }

  private static KubeObject upload(Cluster cluster) {
    assertTrue(cluster.runUntil(() -> !cluster.server().all(Kinds.DATA_UPLOADS).isEmpty(), LONG));
    return cluster.server().all(Kinds.DATA_UPLOADS).getFirst();
  }

  private static void until(Cluster cluster, Resource kind, String name, String phase) {
    assertTrue(
        cluster.runUntil(() -> phase(cluster, kind, name).equals(phase), LONG),
        () -> phase(cluster, kind, name));
  }

  @Test
  void asksForUploadOfSnapshot() throws KubeException {
    Cluster cluster = cluster();
    backUp(cluster, "b");
    KubeObject upload = upload(cluster);
    KubeObject claim = cluster.server().get(Resource.CLAIMS, SHOP, "a");
    assertEquals("longshore", upload.text("spec", "datamover"));
    assertEquals("0h10m0s", upload.text("spec", "operationTimeout"));
    assertEquals(63, upload.label("velero.io/async-operation-id").length());
    assertEquals(claim.uid(), upload.label("velero.io/pvc-uid"));
    KubeObject snapshot =
        cluster
            .server()
            .find(
                Resource.VOLUME_SNAPSHOTS,
                SHOP,
                upload.text("spec", "csiSnapshot", "volumeSnapshot"));
    assertNotNull(snapshot);
    assertFalse(cluster.leaks().isEmpty(), "the snapshot waits for somebody");
  }

  @Test
  void archivesUploadAsItEnds() throws KubeException {
    Cluster cluster = withMover();
    backUp(cluster, "b");
    until(cluster, Kinds.BACKUPS, "b", "Completed");
    KubeObject kept = cluster.archive().get("b").dataUploads().getFirst();
    DummyRepository.Snapshot snapshot =
        cluster.repository().find(kept.text("status", "snapshotID")).orElseThrow();
    assertEquals("precious", snapshot.content());
  }

  @Test
  void cancelsWhatTakesTooLong() throws KubeException {
    VeleroSettings settings =
        VeleroSettings.standard("longshore").withItemOperationTimeout(Duration.ofMinutes(5));
    Cluster cluster = cluster(Cluster.Options.of(2).with(settings));
    backUp(cluster, "b");
    until(cluster, Kinds.BACKUPS, "b", "PartiallyFailed");
    assertTrue(upload(cluster).flag("spec", "cancel"));
  }

  @Test
  void restartCancelsUploadsOfBackupInProgressOnly() throws KubeException {
    Cluster cluster = cluster();
    backUp(cluster, "b");
    until(cluster, Kinds.BACKUPS, "b", "WaitingForPluginOperations");
    cluster.turns().restart("velero-backups");
    cluster.run(Duration.ofMinutes(1));
    assertFalse(upload(cluster).flag("spec", "cancel"));
    KubeObject backup = cluster.server().get(Kinds.BACKUPS, VELERO, "b");
    cluster.turns().crash("velero-backups");
    cluster.server().replace(Kinds.BACKUPS, backup.with("InProgress", "status", "phase"));
    cluster.turns().restart("velero-backups");
    cluster.run(Duration.ofMinutes(1));
    assertTrue(upload(cluster).flag("spec", "cancel"));
    assertEquals("Failed", phase(cluster, Kinds.BACKUPS, "b"));
  }

  @Test
  void restoreAsksForDownloadIntoClaimThatNobodyProvisions() throws KubeException {
    Cluster cluster = withMover();
    backUp(cluster, "b");
    until(cluster, Kinds.BACKUPS, "b", "Completed");
    cluster
        .server()
        .create(Kinds.RESTORES, Furniture.restore(VELERO, "r", "b", Map.of(SHOP, "shop-2")));
    until(cluster, Kinds.RESTORES, "r", "WaitingForPluginOperations");
    KubeObject download = cluster.server().all(Kinds.DATA_DOWNLOADS).getFirst();
    assertEquals("shop-2", download.text("spec", "targetVolume", "namespace"));
    assertEquals(
        cluster.repository().snapshots().iterator().next().id(),
        download.text("spec", "snapshotID"));
    cluster.run(Duration.ofMinutes(1));
    KubeObject target = cluster.server().get(Resource.CLAIMS, "shop-2", "a");
    assertEquals("Pending", target.text("status", "phase"));
    assertTrue(
        cluster.server().all(Resource.CONFIG_MAPS).stream()
            .noneMatch(map -> map.name().startsWith("b-")),
        "results are short-lived");
  }

  @Test
  void backsUpAndRestoresVolumesOfPods() throws KubeException {
    Cluster cluster = withMover();
    cluster.server().create(Resource.PODS, Furniture.pod(SHOP, "web", "a"));
    cluster.run(Duration.ofMinutes(1));
    KubeObject backup =
        Furniture.backup(VELERO, "b", List.of(SHOP)).with(true, "spec", "defaultVolumesToFsBackup");
    cluster.server().create(Kinds.BACKUPS, backup);
    until(cluster, Kinds.BACKUPS, "b", "Completed");
    KubeObject volume = cluster.archive().get("b").podVolumeBackups().getFirst();
    assertEquals("data", volume.text("spec", "volume"));
    assertEquals("web", volume.object("spec", "tags").strings().get("pod"));

    cluster
        .server()
        .create(Kinds.RESTORES, Furniture.restore(VELERO, "r", "b", Map.of(SHOP, "shop-2")));
    until(cluster, Kinds.RESTORES, "r", "Completed");
    assertTrue(
        cluster.runUntil(
            () -> {
              KubeObject pod = cluster.server().find(Resource.PODS, "shop-2", "web");
              return pod != null && pod.text("status", "phase").equals("Running");
            },
            LONG));
  }

  @Test
  void deletionForgetsOnlyWhatItIsToldOf() throws KubeException {
    Cluster cluster = withMover();
    for (boolean isTold : List.of(false, true)) {
      String name = "b-" + isTold;
      backUp(cluster, name);
      until(cluster, Kinds.BACKUPS, name, "Completed");
      String id = cluster.archive().get(name).dataUploads().getFirst().text("status", "snapshotID");
      if (isTold) {
        cluster
            .server()
            .create(
                Resource.CONFIG_MAPS,
                KubeObject.of(Resource.CONFIG_MAPS, VELERO, "told")
                    .withLabel("velero.io/backup-name", name)
                    .withLabel("velero.io/data-upload-snapshot-info", "true")
                    .with(SHOP, "data", "volumeNamespace")
                    .with("kopia", "data", "repositoryType")
                    .with(id, "data", "snapshotID"));
      }
      KubeObject backup = cluster.server().get(Kinds.BACKUPS, VELERO, name);
      cluster.server().create(Kinds.DELETE_BACKUP_REQUESTS, BackupDeletion.request(backup));
      cluster.run(Duration.ofMinutes(1));
      assertNull(cluster.server().find(Kinds.BACKUPS, VELERO, name));
      assertEquals(!isTold, cluster.repository().find(id).isPresent());
    }
  }

  @Test
  void backupsExpire() throws KubeException {
    Cluster cluster = withMover();
    cluster
        .server()
        .create(
            Kinds.BACKUPS,
            Furniture.backup(VELERO, "b", List.of(SHOP)).with("2h0m0s", "spec", "ttl"));
    cluster.run(Duration.ofHours(1));
    assertEquals("Completed", phase(cluster, Kinds.BACKUPS, "b"));
    cluster.run(Duration.ofHours(2));
    assertNull(cluster.server().find(Kinds.BACKUPS, VELERO, "b"));
  }

  @Test
  void veleroAgentTouchesWhatLooksLikeItsOwn() throws KubeException {
    for (boolean isNodeNamed : List.of(false, true)) {
      Cluster cluster = cluster(Cluster.Options.of(4));
      backUp(cluster, "b");
      KubeObject upload = upload(cluster).with("InProgress", "status", "phase");
      cluster
          .server()
          .replace(Kinds.DATA_UPLOADS, isNodeNamed ? upload.with("n1", "status", "node") : upload);
      cluster.addVeleroNodeAgents(0);
      cluster.run(Duration.ofMinutes(1));
      assertEquals(isNodeNamed, upload(cluster).flag("spec", "cancel"));
    }
  }

  @Test
  void veleroAgentWaitsForWhateverIsLabelledAsExposed() throws KubeException {
    VeleroSettings settings = VeleroSettings.standard("velero");
    for (boolean isLabelled : List.of(false, true)) {
      Cluster cluster = cluster(Cluster.Options.of(5).with(settings));
      KubeObject foreign =
          KubeObject.of(Kinds.DATA_UPLOADS, VELERO, "foreign")
              .with("CSI", "spec", "snapshotType")
              .with("p", "spec", "sourcePVC")
              .with("n", "spec", "sourceNamespace")
              .with("other", "spec", "datamover")
              .with("default", "spec", "backupStorageLocation")
              .with("10m0s", "spec", "operationTimeout");
      cluster
          .server()
          .create(
              Kinds.DATA_UPLOADS,
              isLabelled ? foreign.withLabel("velero.io/expose-on-going", "true") : foreign);
      cluster.addVeleroNodeAgents(1);
      backUp(cluster, "b");
      cluster.run(LONG);
      assertEquals(
          isLabelled ? "WaitingForPluginOperations" : "Completed",
          phase(cluster, Kinds.BACKUPS, "b"));
    }
  }

  @Test
  void movementIsCanceledWithinASecond() throws KubeException {
    Cluster cluster = withMover();
    cluster.repository().workTakes(Duration.ofHours(1));
    backUp(cluster, "b");
    until(cluster, Kinds.DATA_UPLOADS, upload(cluster).name(), "InProgress");
    cluster.run(Duration.ofMinutes(1));
    KubeObject upload = upload(cluster);
    cluster
        .server()
        .patch(
            Kinds.DATA_UPLOADS,
            VELERO,
            upload.name(),
            Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
    cluster.run(Duration.ofSeconds(2));
    assertEquals("Canceled", upload(cluster).text("status", "phase"));
    assertTrue(
        cluster.server().all(Resource.EVENTS).stream()
            .anyMatch(event -> event.text("reason").equals("Data-Path-Progress")));
  }

  @Test
  void moversFailAsTheyAreTold() throws KubeException {
    Map<DummyRepository.Behaviour, String> ends =
        Map.of(
            new DummyRepository.Behaviour.Fails("Reason", "why", false), "Failed",
            new DummyRepository.Behaviour.Dies(), "Failed",
            new DummyRepository.Behaviour.DiesAfterwards(), "Failed",
            new DummyRepository.Behaviour.Says(0, "garbage"), "Failed",
            new DummyRepository.Behaviour.Says(
                    1, TaskReport.canceled("data path is canceled").toJson()),
                "Canceled");
    for (Map.Entry<DummyRepository.Behaviour, String> end : ends.entrySet()) {
      Cluster cluster = withMover();
      cluster.repository().behave(_ -> true, end.getKey(), 1);
      backUp(cluster, "b");
      until(cluster, Kinds.DATA_UPLOADS, upload(cluster).name(), end.getValue());
    }
  }

  @Test
  void nextAttemptGoesOnFromCheckpoint() throws KubeException {
    Cluster cluster = withMover();
    cluster.repository().workTakes(Duration.ofMinutes(10));
    cluster.repository().behave(_ -> true, new DummyRepository.Behaviour.Dies(), 1);
    backUp(cluster, "b1");
    cluster.run(Duration.ofMinutes(6));
    assertEquals("PartiallyFailed", phase(cluster, Kinds.BACKUPS, "b1"));
    backUp(cluster, "b2");
    cluster.run(Duration.ofMinutes(6));
    assertEquals("Completed", phase(cluster, Kinds.BACKUPS, "b2"));
  }

  @Test
  void everySeedComesToAnEnd() {
    Seeds.check(
        20,
        random -> {
          Cluster cluster = cluster(Cluster.Options.of(random.nextLong()));
          cluster.addStandIn("hand-mover", HandMover::new);
          backUp(cluster, "b");
          until(cluster, Kinds.BACKUPS, "b", "Completed");
        });
  }

  @Test
  void sameSeedGivesSameRun() throws KubeException {
    String first = "";
    for (int i = 0; i < 2; i++) {
      Cluster cluster = cluster(Cluster.Options.of(7).with(Generation.OLD));
      cluster.addStandIn("hand-mover", HandMover::new);
      backUp(cluster, "b");
      until(cluster, Kinds.BACKUPS, "b", "Completed");
      String run = cluster.clock().instant() + " " + cluster.server().version() + upload(cluster);
      assertEquals(i == 0 ? run : first, run);
      first = run;
    }
  }

  @Test
  void crashedParticipantComesBackWithoutItsMemory() throws KubeException {
    Cluster cluster = cluster();
    cluster.trust("mover");
    cluster.add(
        "mover",
        "mover",
        api ->
            new HandMover(
                new Site(
                    api, cluster.clock(), cluster.random(), cluster.delays(), cluster.troubles())));
    cluster.turns().crashAtWrite("mover", 1, true, Duration.ofMinutes(3));
    backUp(cluster, "b");
    assertTrue(cluster.runUntil(() -> !cluster.turns().isUp("mover"), LONG));
    assertEquals(1, cluster.server().all(Resource.PODS).size());
    assertEquals("", upload(cluster).text("status", "phase"));
    cluster.run(Duration.ofMinutes(4));
    assertTrue(cluster.turns().isUp("mover"));
  }
}
