package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.Generation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Volumes of running pods, in the place of Velero's node agent.
class PodVolumeTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);

  private static Shop shop(long seed, Generation generation) throws KubeException {
    Shop shop =
        new Shop(
            Cluster.Options.of(seed).with(VeleroSettings.standard("")).with(generation),
            AgentConfig.defaults(),
            new Ownership("longshore", true));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster().repository().workTakes(Duration.ofMinutes(2));
    return shop;
  }

  private static List<KubeObject> all(Shop shop, Resource kind) {
    return shop.cluster().server().all(kind);
  }

  private static void await(Shop shop, Resource kind, String phase) {
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> all(shop, kind).stream().anyMatch(one -> Shop.phase(one).equals(phase)),
                Shop.LONG),
        () -> "never " + phase + ": " + Shop.text(all(shop, kind)));
  }

  private static KubeObject end(Shop shop, Resource kind) {
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(all(shop, kind), 1), Shop.LONG),
        () -> Shop.text(all(shop, kind)));
    return all(shop, kind).getFirst();
  }

  private static KubeObject mover(Shop shop, Resource kind) {
    String uid = all(shop, kind).getFirst().uid();
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    all(shop, Resource.PODS).stream()
                        .anyMatch(one ->
                            one.label(Names.OWNER_UID_LABEL).equals(uid)
                                && one.text("status", "phase").equals("Running")),
                Duration.ofMinutes(10)));
    return all(shop, Resource.PODS).stream()
        .filter(one -> one.label(Names.OWNER_UID_LABEL).equals(uid))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void backsUpAndRestores(Generation generation) throws Exception {
    Shop shop = shop(1, generation);
    shop.backUpPods("nightly");
    KubeObject backup = end(shop, Velero.POD_VOLUME_BACKUPS);
    assertEquals("Completed", Shop.phase(backup), () -> Shop.text(backup));
    assertTrue(!backup.text("status", "snapshotID").isEmpty());
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
    await(shop, Velero.BACKUPS, "Completed");
    shop.restore("drill", "nightly", "copy");
    KubeObject restore = end(shop, Velero.POD_VOLUME_RESTORES);
    assertEquals("Completed", Shop.phase(restore), () -> Shop.text(restore));
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> {
                  KubeObject pod =
                      shop.cluster().server().find(Resource.PODS, "copy", "user-of-data");
                  return pod != null && pod.text("status", "phase").equals("Running");
                },
                Duration.ofMinutes(10)));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @ParameterizedTest
  @CsvSource({
    "Accepted,cancel",
    "Accepted,delete",
    "InProgress,cancel",
    "InProgress,delete",
    "InProgress,oom",
    "InProgress,evict",
    "InProgress,crash",
    "Accepted,crash"
  })
  void troubleInBackupEndsInTheRightPhase(String phase, String trouble) throws Exception {
    Shop shop = shop(2, Generation.NEW);
    shop.backUpPods("nightly");
    await(shop, Velero.POD_VOLUME_BACKUPS, phase);
    cause(shop, Velero.POD_VOLUME_BACKUPS, trouble);
    if (trouble.equals("delete")) {
      assertTrue(
          shop.cluster().runUntil(() -> all(shop, Velero.POD_VOLUME_BACKUPS).isEmpty(), Shop.LONG));
    } else {
      KubeObject backup = end(shop, Velero.POD_VOLUME_BACKUPS);
      String expected = trouble.equals("cancel") ? "Canceled" : "Completed";
      assertEquals(expected, Shop.phase(backup), () -> Shop.text(backup));
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @ParameterizedTest
  @CsvSource({
    "Accepted,cancel",
    "InProgress,cancel",
    "InProgress,oom",
    "InProgress,evict",
    "InProgress,crash"
  })
  void troubleInRestoreEndsInTheRightPhase(String phase, String trouble) throws Exception {
    Shop shop = shop(3, Generation.NEW);
    shop.backUpPods("nightly");
    await(shop, Velero.BACKUPS, "Completed");
    shop.restore("drill", "nightly", "copy");
    await(shop, Velero.POD_VOLUME_RESTORES, phase);
    cause(shop, Velero.POD_VOLUME_RESTORES, trouble);
    KubeObject restore = end(shop, Velero.POD_VOLUME_RESTORES);
    String expected = trouble.equals("cancel") ? "Canceled" : "Completed";
    assertEquals(expected, Shop.phase(restore), () -> Shop.text(restore));
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    all(shop, Velero.POD_VOLUME_RESTORES).stream()
                        .allMatch(one -> one.finalizers().isEmpty()),
                CLEAN));
  }

  @Test
  void podThatVanishesEndsItsBackup() throws Exception {
    Shop shop = shop(4, Generation.NEW);
    shop.backUpPods("nightly");
    await(shop, Velero.POD_VOLUME_BACKUPS, "Accepted");
    shop.cluster()
        .server()
        .delete(Resource.PODS, Shop.NAMESPACE, "user-of-data", new DeleteOptions("", 0));
    KubeObject backup = end(shop, Velero.POD_VOLUME_BACKUPS);
    assertTrue(Shop.isOver(backup));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  private static void cause(Shop shop, Resource kind, String trouble) throws KubeException {
    String name = all(shop, kind).getFirst().name();
    switch (trouble) {
      case "cancel" ->
          shop.cluster()
              .server()
              .patch(
                  kind,
                  Shop.VELERO,
                  name,
                  Json.Obj.of("spec", Json.Obj.EMPTY.with("cancel", true)));
      case "delete" ->
          shop.cluster().server().delete(kind, Shop.VELERO, name, DeleteOptions.DEFAULT);
      case "oom" -> {
        KubeObject pod = mover(shop, kind);
        shop.cluster().kubeletOf(pod).oomKill(pod);
      }
      case "evict" -> {
        KubeObject pod = mover(shop, kind);
        shop.cluster().kubeletOf(pod).evict(pod, "The node was low on resource: memory.");
      }
      case "crash" -> {
        shop.cluster().turns().crash("agent-1");
        shop.cluster().run(Duration.ofMinutes(3));
        shop.cluster().turns().restart("agent-1");
      }
      default -> throw new IllegalArgumentException(trouble);
    }
  }
}
