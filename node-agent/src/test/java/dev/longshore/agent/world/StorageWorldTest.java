package dev.longshore.agent.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.storage.Provisioner;
import dev.longshore.agent.world.storage.Snapshotter;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The storage stand-ins do what a cluster's storage does.
class StorageWorldTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String SHOP = "shop";

  private static Cluster cluster() throws KubeException {
    return new Cluster(Cluster.Options.of(1));
  }

  private static KubeObject claim(Cluster cluster, String name) {
    KubeObject claim = cluster.server().find(Resource.CLAIMS, SHOP, name);
    assertNotNull(claim, name);
    return claim;
  }

  private static boolean isBound(Cluster cluster, String name) {
    return claim(cluster, name).text("status", "phase").equals("Bound");
  }

  private static void make(Cluster cluster, KubeObject claim) throws KubeException {
    cluster.server().create(Resource.CLAIMS, claim);
    assertTrue(cluster.runUntil(() -> isBound(cluster, claim.name()), SOON), claim.name());
  }

  private static KubeObject volumeOf(Cluster cluster, String claim) {
    KubeObject volume =
        cluster
            .server()
            .find(Resource.VOLUMES, "", claim(cluster, claim).text("spec", "volumeName"));
    assertNotNull(volume);
    return volume;
  }

  private static void delete(Cluster cluster, Resource resource, KubeObject object)
      throws KubeException {
    cluster.server().delete(resource, object.namespace(), object.name(), DeleteOptions.of(object));
  }

  private static KubeObject snapshot(Cluster cluster, String name, String claim)
      throws KubeException {
    cluster
        .server()
        .create(
            Resource.VOLUME_SNAPSHOTS,
            KubeObject.of(Resource.VOLUME_SNAPSHOTS, SHOP, name)
                .with(claim, "spec", "source", "persistentVolumeClaimName")
                .with("snap", "spec", "volumeSnapshotClassName"));
    assertTrue(
        cluster.runUntil(() -> find(cluster, name).flag("status", "readyToUse"), SOON), name);
    return find(cluster, name);
  }

  private static KubeObject find(Cluster cluster, String snapshot) {
    KubeObject found = cluster.server().find(Resource.VOLUME_SNAPSHOTS, SHOP, snapshot);
    assertNotNull(found);
    return found;
  }

  private static KubeObject from(String snapshot, String claim) {
    Json.Obj source =
        Json.Obj.EMPTY
            .with("apiGroup", "snapshot.storage.k8s.io")
            .with("kind", "VolumeSnapshot")
            .with("name", snapshot);
    return Furniture.claim(SHOP, claim, "fast", "1Gi").with(source, "spec", "dataSource");
  }

  @Test
  void bindsClaimToVolumeMadeForIt() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject volume = volumeOf(cluster, "a");
    assertEquals(claim(cluster, "a").uid(), volume.text("spec", "claimRef", "uid"));
    assertEquals("yes", claim(cluster, "a").annotation("pv.kubernetes.io/bind-completed"));
    assertEquals(1, cluster.disks().disks().size());
    assertEquals(List.of(), cluster.leaks());
  }

  @Test
  void deletesDiskWithClaimOnlyIfPolicySaysSo() throws KubeException {
    Cluster cluster = cluster();
    for (String policy : List.of("Delete", "Retain")) {
      make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
      KubeObject volume = volumeOf(cluster, "a");
      cluster
          .server()
          .replace(Resource.VOLUMES, volume.with(policy, "spec", "persistentVolumeReclaimPolicy"));
      delete(cluster, Resource.CLAIMS, claim(cluster, "a"));
      cluster.run(SOON);
      boolean isKept = policy.equals("Retain");
      assertEquals(isKept ? 1 : 0, cluster.disks().disks().size(), policy);
      assertEquals(isKept, !cluster.leaks().isEmpty(), policy);
      if (isKept) {
        KubeObject kept = cluster.server().find(Resource.VOLUMES, "", volume.name());
        assertNotNull(kept);
        assertEquals("Released", kept.text("status", "phase"));
        delete(cluster, Resource.VOLUMES, kept);
        cluster.run(SOON);
        assertNull(cluster.server().find(Resource.VOLUMES, "", volume.name()));
        assertEquals(1, cluster.disks().disks().size(), "its disk is nobody's now");
      }
    }
  }

  @Test
  void rebindsRetainedVolumeToAnotherClaim() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "old", "fast", "1Gi"));
    cluster.disks().fill(cluster.volume(SHOP, "old"), "precious");
    KubeObject volume =
        cluster
            .server()
            .replace(
                Resource.VOLUMES,
                volumeOf(cluster, "old").with("Retain", "spec", "persistentVolumeReclaimPolicy"));
    delete(cluster, Resource.CLAIMS, claim(cluster, "old"));
    KubeObject target =
        Furniture.claim(SHOP, "new", "fast", "1Gi")
            .with("x", "spec", "selector", "matchLabels", "velero.io/dynamic-pv-restore");
    cluster.server().create(Resource.CLAIMS, target);
    cluster.run(SOON);
    assertFalse(isBound(cluster, "new"), "nobody provisions a claim with a selector");

    cluster
        .server()
        .patch(
            Resource.CLAIMS,
            SHOP,
            "new",
            Json.Obj.of("spec", Json.Obj.EMPTY.with("volumeName", volume.name())));
    KubeObject released = cluster.server().get(Resource.VOLUMES, "", volume.name());
    cluster
        .server()
        .replace(
            Resource.VOLUMES,
            released.with(
                Json.Obj.EMPTY
                    .with("kind", "PersistentVolumeClaim")
                    .with("namespace", SHOP)
                    .with("name", "new"),
                "spec",
                "claimRef"));
    assertTrue(cluster.runUntil(() -> isBound(cluster, "new"), SOON));
    assertEquals(
        claim(cluster, "new").uid(), volumeOf(cluster, "new").text("spec", "claimRef", "uid"));
    assertEquals("precious", cluster.disks().content(cluster.volume(SHOP, "new")));
  }

  @Test
  void nobodyDeletesVolumeThatNoProvisionerMade() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject volume =
        cluster
            .server()
            .replace(
                Resource.VOLUMES,
                volumeOf(cluster, "a")
                    .without("metadata", "annotations", "pv.kubernetes.io/provisioned-by"));
    delete(cluster, Resource.CLAIMS, claim(cluster, "a"));
    cluster.run(SOON);
    KubeObject left = cluster.server().get(Resource.VOLUMES, "", volume.name());
    assertEquals("Failed", left.text("status", "phase"));
    assertEquals(1, cluster.disks().disks().size());
  }

  @Test
  void waitsForFirstConsumer() throws KubeException {
    Cluster cluster = cluster();
    cluster.server().create(Resource.CLAIMS, Furniture.claim(SHOP, "a", "waiting", "1Gi"));
    cluster.run(SOON);
    assertFalse(isBound(cluster, "a"));
    cluster.server().create(Resource.PODS, Furniture.pod(SHOP, "web", "a"));
    assertTrue(cluster.runUntil(() -> isBound(cluster, "a"), SOON));
    cluster.run(SOON);
    KubeObject pod = cluster.server().get(Resource.PODS, SHOP, "web");
    assertEquals("Running", pod.text("status", "phase"));
    assertEquals(
        pod.text("spec", "nodeName"), claim(cluster, "a").annotation(Provisioner.SELECTED_NODE));
  }

  @Test
  void keepsClaimWhilePodUsesIt() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    cluster.server().create(Resource.PODS, Furniture.pod(SHOP, "web", "a"));
    cluster.run(SOON);
    delete(cluster, Resource.CLAIMS, claim(cluster, "a"));
    cluster.run(SOON);
    assertTrue(claim(cluster, "a").isBeingDeleted());
    delete(cluster, Resource.PODS, cluster.server().get(Resource.PODS, SHOP, "web"));
    cluster.run(SOON);
    assertNull(cluster.server().find(Resource.CLAIMS, SHOP, "a"));
    assertEquals(0, cluster.disks().disks().size());
    assertEquals(0, cluster.server().all(Resource.VOLUME_ATTACHMENTS).size());
  }

  @Test
  void losesClaimWithItsVolume() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    cluster.turns().crash("volume-keeper"); // it protects the volume
    KubeObject volume = volumeOf(cluster, "a");
    KubeObject bare =
        cluster
            .server()
            .replace(Resource.VOLUMES, volume.with(Json.Arr.EMPTY, "metadata", "finalizers"));
    delete(cluster, Resource.VOLUMES, bare);
    cluster.run(SOON);
    assertEquals("Lost", claim(cluster, "a").text("status", "phase"));
  }

  @Test
  void restoresSnapshotWithItsFiles(@TempDir Path folder) throws Exception {
    Cluster cluster = new Cluster(Cluster.Options.of(2).in(folder));
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Mi"));
    Path file = cluster.volume(SHOP, "a").resolve("greeting");
    Files.writeString(file, "hello");
    cluster.disks().fill(cluster.volume(SHOP, "a"), "greetings");
    KubeObject snapshot = snapshot(cluster, "s", "a");
    assertEquals(Long.toString(1 << 20), snapshot.text("status", "restoreSize"));
    Files.writeString(file, "changed");
    make(cluster, from("s", "b").with("1Mi", "spec", "resources", "requests", "storage"));
    assertEquals("hello", Files.readString(cluster.volume(SHOP, "b").resolve("greeting")));
    assertEquals("greetings", cluster.disks().content(cluster.volume(SHOP, "b")));
  }

  @Test
  void deletesStorageSnapshotWithSnapshotObjects() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    delete(cluster, Resource.VOLUME_SNAPSHOTS, snapshot(cluster, "s", "a"));
    cluster.run(SOON);
    assertEquals(List.of(), cluster.server().all(Resource.VOLUME_SNAPSHOTS));
    assertEquals(List.of(), cluster.server().all(Resource.VOLUME_SNAPSHOT_CONTENTS));
    assertEquals(0, cluster.disks().snapshots().size());
  }

  @Test
  void movesStorageSnapshotToAnotherNamespaceByContentOfItsOwn() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject original = snapshot(cluster, "s", "a");
    KubeObject content =
        cluster
            .server()
            .get(
                Resource.VOLUME_SNAPSHOT_CONTENTS,
                "",
                original.text("status", "boundVolumeSnapshotContentName"));
    cluster
        .server()
        .replace(
            Resource.VOLUME_SNAPSHOT_CONTENTS, content.with("Retain", "spec", "deletionPolicy"));
    KubeObject moved =
        cluster
            .server()
            .create(
                Resource.VOLUME_SNAPSHOTS,
                KubeObject.of(Resource.VOLUME_SNAPSHOTS, "velero", "moved")
                    .with("moved", "spec", "source", "volumeSnapshotContentName")
                    .with("snap", "spec", "volumeSnapshotClassName"));
    cluster
        .server()
        .create(
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            KubeObject.of(Resource.VOLUME_SNAPSHOT_CONTENTS, "", "moved")
                .with("Delete", "spec", "deletionPolicy")
                .with(Cluster.DRIVER, "spec", "driver")
                .with("snap", "spec", "volumeSnapshotClassName")
                .with("VolumeSnapshot", "spec", "volumeSnapshotRef", "kind")
                .with("velero", "spec", "volumeSnapshotRef", "namespace")
                .with("moved", "spec", "volumeSnapshotRef", "name")
                .with(moved.uid(), "spec", "volumeSnapshotRef", "uid")
                .with(
                    content.text("status", "snapshotHandle"), "spec", "source", "snapshotHandle"));
    delete(cluster, Resource.VOLUME_SNAPSHOTS, original);
    cluster.run(SOON);
    delete(cluster, Resource.VOLUME_SNAPSHOT_CONTENTS, content);
    cluster.run(SOON);
    assertEquals(1, cluster.server().all(Resource.VOLUME_SNAPSHOT_CONTENTS).size());
    assertEquals(1, cluster.disks().snapshots().size(), "kept by the policy Retain");
    KubeObject ready = cluster.server().get(Resource.VOLUME_SNAPSHOTS, "velero", "moved");
    assertTrue(ready.flag("status", "readyToUse"));
    delete(cluster, Resource.VOLUME_SNAPSHOTS, ready);
    assertEquals(List.of(), cluster.leaksAfter(SOON));
    assertEquals(0, cluster.disks().snapshots().size());
  }

  @Test
  void refusesContentThatIsMeantForAnother() throws KubeException {
    Cluster cluster = cluster();
    cluster
        .server()
        .create(
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            KubeObject.of(Resource.VOLUME_SNAPSHOT_CONTENTS, "", "c")
                .with("Delete", "spec", "deletionPolicy")
                .with(Cluster.DRIVER, "spec", "driver")
                .with(SHOP, "spec", "volumeSnapshotRef", "namespace")
                .with("s", "spec", "volumeSnapshotRef", "name")
                .with("another-uid", "spec", "volumeSnapshotRef", "uid")
                .with("snap-1", "spec", "source", "snapshotHandle"));
    cluster
        .server()
        .create(
            Resource.VOLUME_SNAPSHOTS,
            KubeObject.of(Resource.VOLUME_SNAPSHOTS, SHOP, "s")
                .with("c", "spec", "source", "volumeSnapshotContentName"));
    cluster.run(SOON);
    assertTrue(find(cluster, "s").text("status", "error", "message").contains("bound to another"));
  }

  @Test
  void keepsBusySnapshotUntilItsCloneIsGone() throws KubeException {
    Cluster cluster = new Cluster(Cluster.Options.of(3).with(Snapshotter.Clones.HOLD_SNAPSHOT));
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject snapshot = snapshot(cluster, "s", "a");
    make(cluster, from("s", "b"));
    delete(cluster, Resource.VOLUME_SNAPSHOTS, snapshot);
    cluster.run(SOON);
    assertEquals(1, cluster.disks().snapshots().size());
    delete(cluster, Resource.CLAIMS, claim(cluster, "b"));
    assertTrue(
        cluster.runUntil(() -> cluster.disks().snapshots().isEmpty(), Duration.ofMinutes(5)));
  }

  @Test
  void keepsSnapshotWhileClaimIsMadeFromIt() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject snapshot = snapshot(cluster, "s", "a");
    cluster.troubles().cause(Troubles.Kind.PROVISION, _ -> true, "no room", 3);
    cluster.server().create(Resource.CLAIMS, from("s", "b"));
    cluster.run(Duration.ofSeconds(2));
    delete(cluster, Resource.VOLUME_SNAPSHOTS, snapshot);
    cluster.run(Duration.ofSeconds(1));
    assertTrue(find(cluster, "s").isBeingDeleted());
  }

  @Test
  void snapshotFailsAndRecovers() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    cluster.troubles().cause(Troubles.Kind.SNAPSHOT, _ -> true, "storage is full", 2);
    KubeObject snapshot = snapshot(cluster, "s", "a");
    assertNull(snapshot.at("status", "error"));
    assertEquals(1, cluster.disks().snapshots().size());
  }

  @Test
  void refusesToMakeBlockDeviceFromFilesUnlessAllowed() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    KubeObject snapshot = snapshot(cluster, "s", "a");
    cluster.server().create(Resource.CLAIMS, from("s", "b").with("Block", "spec", "volumeMode"));
    cluster.run(SOON);
    assertFalse(isBound(cluster, "b"));
    cluster
        .server()
        .patch(
            Resource.VOLUME_SNAPSHOT_CONTENTS,
            "",
            snapshot.text("status", "boundVolumeSnapshotContentName"),
            Json.Obj.of(
                "metadata",
                Json.Obj.of(
                    "annotations",
                    Json.Obj.EMPTY.with(
                        "snapshot.storage.kubernetes.io/allow-volume-mode-change", "true"))));
    assertTrue(cluster.runUntil(() -> isBound(cluster, "b"), Duration.ofMinutes(3)));
  }

  @Test
  void exclusiveVolumeIsAtOneNode() throws KubeException {
    Cluster cluster = cluster();
    make(cluster, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    for (String node : List.of("n1", "n2")) {
      cluster
          .server()
          .create(
              Resource.PODS,
              Furniture.pod(SHOP, "web-" + node, "a")
                  .with(node, "spec", "nodeSelector", "kubernetes.io/hostname"));
    }
    cluster.run(SOON);
    assertEquals(1, cluster.server().all(Resource.VOLUME_ATTACHMENTS).size());
    assertEquals(
        List.of("Pending", "Running"),
        cluster.server().all(Resource.PODS).stream()
            .map(pod -> pod.text("status", "phase"))
            .sorted()
            .toList());
  }
}
