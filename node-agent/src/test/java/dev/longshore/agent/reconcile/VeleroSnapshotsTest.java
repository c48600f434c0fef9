package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Furniture;
import dev.longshore.agent.world.mover.RealMover;
import dev.longshore.engine.testkit.Fixtures;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots that Velero's own code has written, restored by DataDownloads that name its movers.
class VeleroSnapshotsTest {
  private static final String FILES = "c8f5e31eedb56736123e91c57ad5965a";
  private static final long FILES_BYTES = 590_016;
  private static final int FILES_COUNT = 9;
  private static final String DEVICE = "b29f3ab401d8e862ea6bbcb1df23f098";
  private static final long DEVICE_BYTES = 262_144;

  @TempDir Path folder;

  @Test
  void areRestoredInThePlaceOfVelerosAgent() throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(1).in(folder),
            AgentConfig.defaults(),
            new Ownership("longshore", true),
            UpkeepSettings.OWN);
    shop.cluster().programs().addForWord("data-mover", RealMover.program());
    shop.cluster().turns().crash(Cluster.VELERO_REPOSITORIES);
    Path repository = folder.resolve("store/velero/kopia/nsapp");
    Files.createDirectories(repository.getParent());
    Files.move(Fixtures.velero(folder.resolve("fixture")), repository);
    KubeObject password =
        shop.cluster().server().get(Resource.SECRETS, Shop.VELERO, "velero-repo-credentials");
    shop.cluster()
        .server()
        .replace(
            Resource.SECRETS,
            Furniture.secret(Shop.VELERO, password.name(), "repository-password", "static-passw0rd")
                .with(password.resourceVersion(), "metadata", "resourceVersion"));
    shop.addAgent("agent-1");

    ask(shop, "files", "Filesystem", FILES, "");
    ask(shop, "device", "Block", DEVICE, "velero");
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), 2), Shop.LONG),
        () -> Shop.text(shop.downloads()));

    for (KubeObject download : shop.downloads()) {
      assertEquals("Completed", Shop.phase(download), () -> Shop.text(download));
      long bytes = download.name().equals("files") ? FILES_BYTES : DEVICE_BYTES;
      assertEquals(bytes, download.number("status", "progress", "bytesDone"));
    }
    try (Stream<Path> walk = Files.walk(shop.cluster().volume("nscopy", "files"))) {
      List<Path> files =
          walk.filter(one -> Files.isRegularFile(one, LinkOption.NOFOLLOW_LINKS)).toList();
      assertEquals(FILES_COUNT, files.size(), files::toString);
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(Duration.ofMinutes(30)));
  }

  private static void ask(Shop shop, String name, String mode, String snapshot, String mover)
      throws Exception {
    shop.cluster()
        .server()
        .create(
            Resource.CLAIMS,
            Furniture.claim("nscopy", name, "fast", "1Mi")
                .with(mode, "spec", "volumeMode")
                .with(
                    "nscopy." + name,
                    "spec",
                    "selector",
                    "matchLabels",
                    "velero.io/dynamic-pv-restore"));
    KubeObject download =
        KubeObject.of(Velero.DATA_DOWNLOADS, Shop.VELERO, name)
            .with(name, "spec", "targetVolume", "pvc")
            .with("nscopy", "spec", "targetVolume", "namespace")
            .with("", "spec", "targetVolume", "pv")
            .with("default", "spec", "backupStorageLocation")
            .with(snapshot, "spec", "snapshotID")
            .with("nsapp", "spec", "sourceNamespace")
            .with("10m0s", "spec", "operationTimeout");
    shop.cluster()
        .server()
        .create(
            Velero.DATA_DOWNLOADS,
            mover.isEmpty() ? download : download.with(mover, "spec", "datamover"));
  }
}
