package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.Cluster;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Transfers from their first phase to their last, in a cluster of stand-ins.
class TransferTest {
  private static final Duration CLEAN = Duration.ofMinutes(10);

  @Test
  void backsUpVolumeAndLeavesNothingBehind() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(1));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.backUp("nightly");
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.uploads(), 1), Shop.LONG),
        () -> Shop.text(shop.uploads()));
    KubeObject upload = shop.uploads().getFirst();
    assertEquals("Completed", Shop.phase(upload), () -> Shop.text(upload));
    assertFalse(upload.text("status", "snapshotID").isEmpty());
    assertEquals(
        upload.number("status", "progress", "totalBytes"),
        upload.number("status", "progress", "bytesDone"));
    for (String field :
        List.of("acceptedTimestamp", "startTimestamp", "completionTimestamp", "node", "nodeOS")) {
      assertFalse(upload.text("status", field).isEmpty(), field);
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void restoresIntoNewVolume() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(2));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.restore("drill", "nightly", "copy");
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 1), Shop.LONG),
        () -> Shop.text(shop.downloads()));
    KubeObject download = shop.downloads().getFirst();
    assertEquals("Completed", Shop.phase(download), () -> Shop.text(download));
    assertTrue(shop.isBound("copy", "data"));
    KubeObject claim = shop.cluster().server().get(Resource.CLAIMS, "copy", "data");
    KubeObject volume =
        shop.cluster().server().get(Resource.VOLUMES, "", claim.text("spec", "volumeName"));
    assertEquals("Delete", volume.text("spec", "persistentVolumeReclaimPolicy"));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }
}
