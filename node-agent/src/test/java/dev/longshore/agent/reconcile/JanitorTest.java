package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What transfers leave behind when somebody takes their finalizers away.
class JanitorTest {
  private static Shop shop(long seed, boolean removes) throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(seed),
            AgentConfig.defaults(),
            new Ownership("longshore", false),
            new UpkeepSettings(false, "", "", Duration.ofHours(1), removes));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    return shop;
  }

  /// A transfer vanishes in the middle of its work, with nobody to see it.
  private static void leak(Shop shop) throws KubeException {
    shop.cluster().repository().workTakes(Duration.ofMinutes(10));
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.uploads().size() == 1
                        && Shop.phase(shop.uploads().getFirst()).equals("InProgress"),
                Shop.LONG));
    shop.cluster().turns().crash("agent-1");
    KubeObject upload = shop.uploads().getFirst();
    KubeObject volume = ownVolume(shop);
    shop.cluster()
        .server()
        .replace(Resource.VOLUMES, volume.with("Retain", "spec", "persistentVolumeReclaimPolicy"));
    shop.cluster()
        .server()
        .replace(Velero.DATA_UPLOADS, upload.with(Json.Arr.EMPTY, "metadata", "finalizers"));
    shop.cluster()
        .server()
        .delete(Velero.DATA_UPLOADS, Shop.VELERO, upload.name(), DeleteOptions.DEFAULT);
    shop.cluster().run(Duration.ofMinutes(2));
    shop.cluster().turns().restart("agent-1");
  }

  private static KubeObject ownVolume(Shop shop) {
    return shop.cluster().server().all(Resource.VOLUMES).stream()
        .filter(one -> one.text("spec", "claimRef", "namespace").equals(Shop.VELERO))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatIsLeftBehindIsToldAndStays() throws Exception {
    Shop shop = shop(1, false);
    leak(shop);
    shop.cluster().run(Duration.ofMinutes(90));
    List<String> leaks = shop.cluster().leaks();
    assertTrue(leaks.size() >= 3, leaks.toString());
    assertTrue(
        shop.cluster().server().all(Resource.EVENTS).stream()
            .anyMatch(event ->
                event.text("reason").equals("LeakedObjects")
                    && event.text("message").contains("VolumeSnapshotContent")));
  }

  @Test
  void whatIsLeftBehindIsRemovedOnRequest() throws Exception {
    Shop shop = shop(2, true);
    leak(shop);
    shop.cluster().run(Duration.ofMinutes(30));
    assertTrue(!shop.cluster().leaks().isEmpty(), "too early");
    assertEquals(List.of(), shop.cluster().leaksAfter(Duration.ofHours(3)));
  }

  @Test
  void whatIsInUseIsNotTouched() throws Exception {
    Shop shop = shop(3, true);
    shop.cluster().repository().workTakes(Duration.ofHours(3));
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    assertEquals(1, shop.cluster().repository().calls().size());
  }
}
