package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Troubles;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens to a transfer when something happens to it in each of its phases.
class TransferTroubleTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);
  private static final Duration WORK = Duration.ofMinutes(2);
  private static final Set<String> FINAL = Set.of("Completed", "Failed", "Canceled");

  private static Shop shop(long seed) throws KubeException {
    Shop shop = new Shop(Cluster.Options.of(seed));
    shop.addAgent("agent-1");
    shop.addAgent("agent-2");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(WORK);
    return shop;
  }

  /// Begins a backup, and waits until an upload is in a phase.
  private static Shop uploading(long seed, String phase) throws KubeException {
    Shop shop = shop(seed);
    if (phase.equals("Prepared")) {
      // There are two nodes, and each has one slot.
      shop.addClaim("more", "fast");
      shop.addClaim("most", "fast");
    }
    shop.backUp("nightly");
    await(shop, phase);
    return shop;
  }

  /// The upload that the test is about: the one that is in a phase now.
  private static String chosen(Shop shop, String phase) {
    return shop.uploads().stream()
        .filter(one -> Shop.phase(one).equals(phase))
        .findFirst()
        .orElseThrow()
        .name();
  }

  private static void await(Shop shop, String phase) {
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.uploads().stream()
                        .anyMatch(one ->
                            phase.isEmpty()
                                ? Shop.phase(one).isEmpty()
                                : Shop.phase(one).equals(phase)),
                Duration.ofHours(1)),
        () -> "never " + phase + Shop.text(shop.uploads()));
  }

  private static KubeObject upload(Shop shop, String name) {
    return shop.uploads().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static Optional<KubeObject> pod(Shop shop, String upload) {
    String uid = upload(shop, upload).uid();
    return shop.cluster().server().all(Resource.PODS).stream()
        .filter(one -> one.label(Names.OWNER_UID_LABEL).equals(uid))
        .findFirst();
  }

  private static KubeObject runningPod(Shop shop, String upload) {
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    pod(shop, upload)
                        .filter(one -> one.text("status", "phase").equals("Running"))
                        .isPresent(),
                Duration.ofMinutes(5)));
    return pod(shop, upload).orElseThrow();
  }

  private static KubeObject end(Shop shop, String name) {
    assertTrue(
        shop.cluster().runUntil(() -> shop.uploads().stream().allMatch(Shop::isOver), Shop.LONG),
        () -> Shop.text(shop.uploads()));
    KubeObject upload = upload(shop, name);
    for (KubeObject other : shop.uploads()) {
      if (!other.name().equals(name)) {
        assertEquals("Completed", Shop.phase(other), () -> Shop.text(other));
      }
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), () -> Shop.text(shop.uploads()));
    return upload;
  }

  private static void cancel(Shop shop, String upload) throws KubeException {
    shop.cluster()
        .server()
        .patch(
            Velero.DATA_UPLOADS,
            Shop.VELERO,
            upload,
            Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Accepted", "Prepared", "InProgress"})
  void cancelEndsItWithinTenSeconds(String phase) throws KubeException {
    Shop shop = uploading(3, phase);
    String name = chosen(shop, phase);
    Instant before = shop.cluster().clock().instant();
    cancel(shop, name);
    assertTrue(
        shop.cluster()
            .runUntil(() -> FINAL.contains(Shop.phase(upload(shop, name))), Duration.ofSeconds(10)),
        () -> Shop.text(shop.uploads()));
    assertTrue(Duration.between(before, shop.cluster().clock().instant()).toSeconds() <= 10);
    KubeObject upload = end(shop, name);
    assertEquals("Canceled", Shop.phase(upload), () -> Shop.text(upload));
    assertFalse(upload.text("status", "completionTimestamp").isEmpty());
    assertFalse(upload.text("status", "startTimestamp").isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accepted", "Prepared", "InProgress"})
  void deletingItLeavesNothing(String phase) throws KubeException {
    Shop shop = uploading(4, phase);
    String name = chosen(shop, phase);
    shop.cluster().server().delete(Velero.DATA_UPLOADS, Shop.VELERO, name, DeleteOptions.DEFAULT);
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> shop.uploads().stream().noneMatch(one -> one.name().equals(name)),
                Duration.ofMinutes(5)),
        () -> Shop.text(shop.uploads()));
    shop.cluster().runUntil(() -> shop.uploads().stream().allMatch(Shop::isOver), Shop.LONG);
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @ParameterizedTest
  @CsvSource({
    "Accepted,delete", "Accepted,evict", "Accepted,oom", "Prepared,delete", "Prepared,evict",
    "Prepared,oom", "Prepared,node", "InProgress,delete", "InProgress,evict", "InProgress,oom",
    "InProgress,node"
  })
  void lostMoverIsReplaced(String phase, String loss) throws KubeException {
    Shop shop = uploading(5, phase);
    String name = chosen(shop, phase);
    KubeObject pod =
        phase.equals("Accepted") && !loss.equals("delete")
            ? runningPod(shop, name)
            : awaitPod(shop, name);
    lose(shop, pod, loss);
    KubeObject upload = end(shop, name);
    assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    if (phase.equals("InProgress")) {
      assertEquals("2", upload.annotation(Names.ATTEMPT), () -> Shop.text(upload));
      assertFalse(upload.annotation(Names.LAST_FAILURE).isEmpty());
    }
  }

  private static KubeObject awaitPod(Shop shop, String upload) {
    assertTrue(shop.cluster().runUntil(() -> pod(shop, upload).isPresent(), Duration.ofMinutes(5)));
    return pod(shop, upload).orElseThrow();
  }

  private static void lose(Shop shop, KubeObject pod, String loss) throws KubeException {
    String node = pod.text("spec", "nodeName");
    switch (loss) {
      case "delete" ->
          shop.cluster()
              .server()
              .delete(Resource.PODS, pod.namespace(), pod.name(), DeleteOptions.DEFAULT);
      case "evict" ->
          shop.cluster().kubelet(node).evict(pod, "The node was low on resource: memory.");
      case "oom" -> shop.cluster().kubelet(node).oomKill(pod);
      case "node" -> shop.cluster().loseNode(node);
      default -> throw new IllegalArgumentException(loss);
    }
  }

  @Test
  void moverThatIsAlwaysLostFailsWithTheReason() throws KubeException {
    Shop shop = uploading(6, "InProgress");
    String upload = chosen(shop, "InProgress");
    for (int i = 0; i < 3; i++) {
      KubeObject pod = runningPod(shop, upload);
      shop.cluster()
          .kubelet(pod.text("spec", "nodeName"))
          .evict(pod, "The node was low on resource: memory.");
      shop.cluster()
          .runUntil(
              () -> pod(shop, upload).filter(one -> one.uid().equals(pod.uid())).isEmpty(),
              Duration.ofMinutes(10));
    }
    KubeObject ended = end(shop, upload);
    assertEquals("Failed", Shop.phase(ended), () -> Shop.text(ended));
    String message = ended.text("status", "message");
    assertTrue(message.contains("Evicted") && message.contains("low on resource"), message);
  }

  @Test
  void imageThatIsNotThereFailsAtOnce() throws KubeException {
    Shop shop = shop(7);
    shop.cluster()
        .troubles()
        .cause(
            Troubles.Kind.IMAGE,
            pod -> !pod.label(Names.OWNER_UID_LABEL).isEmpty(),
            "no such image",
            Troubles.ALWAYS);
    shop.backUp("nightly");
    await(shop, "Failed");
    KubeObject upload = end(shop, chosen(shop, "Failed"));
    assertTrue(upload.text("status", "message").contains("cannot start"), Shop.text(upload));
    Duration took =
        Duration.between(
            upload.time("status", "acceptedTimestamp").orElseThrow(),
            upload.time("status", "completionTimestamp").orElseThrow());
    assertTrue(took.toMinutes() < 2, took.toString());
  }

  @Test
  void fullVolumeThatCannotBeRelabeledFailsAtOnceAndSaysSo() throws KubeException {
    Shop shop = shop(8);
    shop.cluster()
        .troubles()
        .cause(
            Troubles.Kind.RELABEL,
            claim -> claim.namespace().equals(Shop.VELERO),
            "lsetxattr: no space left on device",
            Troubles.ALWAYS);
    shop.backUp("nightly");
    await(shop, "Failed");
    KubeObject upload = end(shop, chosen(shop, "Failed"));
    String message = upload.text("status", "message");
    assertTrue(message.contains("the volume is full"), message);
    assertTrue(message.contains("spcNoRelabeling"), message);
  }

  @Test
  void snapshotThatNeverGetsReadyEndsWithTheTimeForPreparing() throws KubeException {
    Shop shop = shop(9);
    shop.cluster()
        .troubles()
        .cause(Troubles.Kind.PROVISION, _ -> true, "no space in the pool", Troubles.ALWAYS);
    shop.backUp("nightly");
    await(shop, "Failed");
    shop.cluster().troubles().end(Troubles.Kind.PROVISION);
    KubeObject upload = end(shop, chosen(shop, "Failed"));
    String message = upload.text("status", "message");
    assertTrue(message.startsWith("timeout on preparing data upload"), message);
    assertFalse(upload.text("status", "completionTimestamp").isEmpty());
  }
}
