package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.velero.VeleroSettings;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// In the place of Velero's agent: `velero-block` moves the volumes of file systems as devices.
class ModeChangeTest {
  private static final Duration CLEAN = Duration.ofMinutes(30);
  private static final Duration DOWN = Duration.ofSeconds(30);
  private static final int ENOUGH = 40;

  private static Shop shop(long seed) throws KubeException {
    Shop shop =
        new Shop(
            Cluster.Options.of(seed).with(VeleroSettings.standard("velero-block")),
            AgentConfig.defaults(),
            new Ownership("longshore", true));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster()
        .disks()
        .fill(shop.cluster().volume(Shop.NAMESPACE, "data"), "what is in the shop");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"), () -> Shop.text(shop.uploads()));
    return shop;
  }

  private static void restores(Shop shop, String what) throws KubeException {
    shop.restore("drill", "nightly", "copy");
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 1), Shop.LONG),
        () -> what + Shop.text(shop.downloads()));
    KubeObject download = shop.downloads().getFirst();
    assertEquals("Completed", Shop.phase(download), () -> what + Shop.text(download));
    assertTrue(shop.isBound("copy", "data"), what);
    assertEquals("what is in the shop", shop.cluster().content("copy", "data"), what);
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), what);
  }

  @Test
  void aVolumeThatWasWrittenAsADeviceBecomesOneOfFiles() throws Exception {
    Shop shop = shop(1);
    restores(shop, "");
    KubeObject claim = shop.cluster().server().get(Resource.CLAIMS, "copy", "data");
    KubeObject volume =
        shop.cluster().server().get(Resource.VOLUMES, "", claim.text("spec", "volumeName"));
    assertEquals("Filesystem", volume.text("spec", "volumeMode"));
    assertEquals("Delete", volume.text("spec", "persistentVolumeReclaimPolicy"));
    assertTrue(
        shop.cluster()
            .disks()
            .disk(volume.text("spec", "csi", "volumeHandle"))
            .path()
            .endsWith("image"),
        "it was not restored as a device");
  }

  @Test
  void crashAtAnyWriteOnlyDelaysIt() throws Exception {
    for (int number = 1; number <= ENOUGH; number++) {
      Shop shop = shop(number);
      boolean written = number % 2 == 0;
      shop.cluster().turns().crashAtWrite("agent-1", (number + 1) / 2, written, DOWN);
      restores(shop, "write " + (number + 1) / 2 + (written ? ", written" : ", not written"));
    }
  }

  @Test
  void cancellingInTheMiddleLeavesNothingBehind() throws Exception {
    for (int steps = 0; steps < 60; steps += 3) {
      Shop shop = shop(100 + steps);
      shop.restore("drill", "nightly", "copy");
      boolean _ =
          shop.cluster().runUntil(() -> shop.downloads().size() == 1, Duration.ofMinutes(10));
      boolean _ = shop.cluster().runUntil(() -> false, Duration.ofSeconds(5 + 2L * steps));
      KubeObject download = shop.downloads().getFirst();
      if (!Shop.isOver(download)) {
        shop.cluster()
            .server()
            .replace(
                dev.longshore.agent.api.Velero.DATA_DOWNLOADS,
                download.with(true, "spec", "cancel"));
      }
      assertTrue(
          shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 1), Shop.LONG),
          () -> Shop.text(shop.downloads()));
      shop.cluster()
          .server()
          .delete(Resource.CLAIMS, "copy", "data", dev.longshore.kube.DeleteOptions.DEFAULT);
      assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN), "after " + steps);
    }
  }
}
