package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.Furniture;
import dev.longshore.agent.world.mover.RealMover;
import dev.longshore.interop.SampleTree;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files from volumes into repositories and back, by the real mover, through all of the agent.
class EndToEndTest {
  /// `-Dlongshore.endtoend.namespaces=10 -Dlongshore.endtoend.claims=10` is the whole of it.
  private static final int NAMESPACES = Integer.getInteger("longshore.endtoend.namespaces", 2);

  private static final int CLAIMS = Integer.getInteger("longshore.endtoend.claims", 2);
  private static final int ADDED = 100_000;

  @TempDir Path folder;

  private record Volume(String namespace, String claim) {}

  @Test
  void movesManyVolumesAndThenOnlyWhatHasChanged() throws Exception {
    AgentConfig config =
        ConfigReader.read(JsonCodec.parseObject("{\"loadConcurrency\":{\"globalConfig\":2}}"));
    Shop shop =
        new Shop(
            Cluster.Options.of(1).in(folder),
            config,
            new Ownership("longshore", false),
            UpkeepSettings.OWN);
    shop.cluster().programs().addForWord("data-mover", RealMover.program());
    shop.cluster().turns().crash(Cluster.VELERO_REPOSITORIES);
    shop.addAgent("agent-1");
    List<Volume> volumes = fill(shop);
    Map<String, String> mapping = new HashMap<>();
    volumes.forEach(one -> mapping.put(one.namespace(), one.namespace() + "-copy"));

    backUp(shop, "first", mapping);
    long whole = sum(shop, "first", "totalBytes");
    assertEquals(whole, sum(shop, "first", "incrementalBytes"));
    SplittableRandom random = new SplittableRandom(2);
    for (Volume volume : volumes) {
      byte[] bytes = new byte[ADDED];
      random.nextBytes(bytes);
      Files.write(path(shop, volume).resolve("added"), bytes);
    }
    backUp(shop, "second", mapping);
    assertEquals(whole + (long) ADDED * volumes.size(), sum(shop, "second", "totalBytes"));
    assertEquals((long) ADDED * volumes.size(), sum(shop, "second", "incrementalBytes"));

    shop.cluster()
        .server()
        .create(Velero.RESTORES, Furniture.restore(Shop.VELERO, "drill", "second", mapping));
    assertTrue(
        shop.cluster().runUntil(() -> Shop.areOver(shop.downloads(), volumes.size()), Shop.LONG),
        () -> Shop.text(shop.downloads()));
    for (KubeObject download : shop.downloads()) {
      assertEquals("Completed", Shop.phase(download), () -> Shop.text(download));
    }
    for (Volume volume : volumes) {
      Path copy = shop.cluster().volume(volume.namespace() + "-copy", volume.claim());
      assertEquals(SampleTree.describe(path(shop, volume)), SampleTree.describe(copy));
    }
    assertEquals(List.of(), shop.cluster().leaksAfter(Duration.ofMinutes(30)));
  }

  private static List<Volume> fill(Shop shop) throws Exception {
    List<Volume> volumes = new ArrayList<>();
    for (int n = 0; n < NAMESPACES; n++) {
      for (int c = 0; c < CLAIMS; c++) {
        Volume volume = new Volume("team-" + n, "data-" + c);
        volumes.add(volume);
        shop.cluster()
            .makeVolume(Furniture.claim(volume.namespace(), volume.claim(), "fast", "1Gi"), "");
        int seed = n * CLAIMS + c + 1;
        SampleTree.make(path(shop, volume).resolve("tree"), seed, 1 << (14 + seed % 8));
      }
    }
    return volumes;
  }

  private static Path path(Shop shop, Volume volume) throws Exception {
    return shop.cluster().volume(volume.namespace(), volume.claim());
  }

  private static void backUp(Shop shop, String name, Map<String, String> namespaces)
      throws Exception {
    shop.cluster()
        .server()
        .create(
            Velero.BACKUPS, Furniture.backup(Shop.VELERO, name, List.copyOf(namespaces.keySet())));
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> {
                  KubeObject found =
                      shop.cluster().server().find(Velero.BACKUPS, Shop.VELERO, name);
                  return found != null && Shop.phase(found).equals("Completed");
                },
                Duration.ofHours(24)),
        () -> Shop.text(shop.uploads()));
  }

  private static long sum(Shop shop, String backup, String what) {
    long sum = 0;
    for (KubeObject upload : shop.uploads()) {
      if (upload.label("velero.io/backup-name").equals(backup)) {
        sum +=
            what.equals("totalBytes")
                ? upload.number("status", "progress", "totalBytes")
                : upload.number("status", what);
      }
    }
    return sum;
  }
}
