package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.node.Exit;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Traps of Velero's own node agent that no other test is about; docs/architecture.md lists all.
class HazardTest {
  private static Shop uploading() throws KubeException {
    Shop shop = new Shop(Cluster.Options.of(1));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(Duration.ofMinutes(5));
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.uploads().stream()
                        .anyMatch(one -> one.text("status", "phase").equals("InProgress")),
                Duration.ofMinutes(30)));
    return shop;
  }

  private static void exit(Shop shop, Exit exit) {
    Optional<KubeObject> pod =
        shop.cluster().server().all(Resource.PODS).stream()
            .filter(one -> !one.label(Names.OWNER_UID_LABEL).isEmpty())
            .findFirst();
    KubeObject mover = pod.orElseThrow();
    shop.cluster().kubelet(mover.text("spec", "nodeName")).exit(mover, exit);
  }

  private static KubeObject end(Shop shop) {
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.uploads(), 1), Shop.LONG),
        () -> Shop.text(shop.uploads()));
    assertEquals(List.of(), shop.cluster().leaksAfter(Duration.ofMinutes(10)));
    return shop.uploads().getFirst();
  }

  /// H5.
  @ParameterizedTest
  @ValueSource(strings = {"", "%!s(MISSING)", "{\"outcome\":\"comp", "{}"})
  void moverThatEndsWellWithoutAReportHasDoneNothing(String message) throws Exception {
    Shop shop = uploading();
    exit(shop, new Exit(0, message));
    KubeObject upload = end(shop);
    assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    assertEquals("2", upload.annotation(Names.ATTEMPT), () -> Shop.text(upload));
    assertTrue(
        shop.cluster().repository().find(upload.text("status", "snapshotID")).isPresent(),
        () -> Shop.text(upload));
  }

  /// H7.
  @Test
  void wordsOfAMoverAreNoFormat() throws Exception {
    String words = "100% of /a%sb\\n\"c\" cannot be read";
    Shop shop = uploading();
    exit(shop, new Exit(1, TaskReport.failed("VolumeUnreadable", words, false).toJson()));
    KubeObject upload = end(shop);
    assertEquals("Failed", Shop.phase(upload));
    assertTrue(upload.text("status", "message").endsWith(words), () -> Shop.text(upload));
  }

  /// H11.
  @Test
  void snapshotOutlivesItsClaim() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(1));
    shop.addClaim("data", "fast");
    shop.backUp("nightly");
    assertTrue(shop.cluster().runUntil(() -> shop.uploads().size() == 1, Duration.ofMinutes(30)));
    KubeObject claim = shop.cluster().server().get(Resource.CLAIMS, Shop.NAMESPACE, "data");
    for (KubeObject pod : shop.cluster().server().all(Resource.PODS)) {
      shop.cluster()
          .server()
          .delete(Resource.PODS, pod.namespace(), pod.name(), DeleteOptions.DEFAULT);
    }
    shop.cluster()
        .server()
        .delete(Resource.CLAIMS, claim.namespace(), claim.name(), DeleteOptions.DEFAULT);
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> shop.cluster().server().find(Resource.CLAIMS, Shop.NAMESPACE, "data") == null,
                Duration.ofMinutes(5)));
    shop.addAgent("agent-1");
    KubeObject upload = end(shop);
    assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    assertFalse(upload.text("status", "snapshotID").isEmpty());
  }
}
