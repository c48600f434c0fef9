package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.HttpApiServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A mirror as an agent has it: with a thread, and HTTP in between.
class MirrorOverHttpTest {
  private static final int WRITES = 300;

  @Test
  @Timeout(60)
  void endsEqualToTheServer() throws Exception {
    ApiServer server = new ApiServer(InstantSource.system(), new Random(1));
    AtomicBoolean ended = new AtomicBoolean();
    Set<String> changed = ConcurrentHashMap.newKeySet();
    try (HttpApiServer http = new HttpApiServer(server, null)) {
      http.accept("t", "");
      try (HttpKubeApi api = HttpContractTest.client(http.uri(), Limits.STANDARD);
          Mirror mirror =
              new Mirror(
                  api,
                  new Mirror.Scope(Resource.CONFIG_MAPS, "", ListOptions.ALL),
                  new Pace(InstantSource.system(), Thread::sleep, new Random(2)),
                  (namespace, name) -> changed.add(name))) {
        Thread stepping = Thread.ofVirtual().start(() -> step(mirror, ended));
        server.faults().on(request -> true).chance(0.2).before(Faults.noAnswer());
        write(server);
        server.faults().clear();
        while (!server.all(Resource.CONFIG_MAPS).equals(mirror.all())) {
          Thread.sleep(10);
        }
        ended.set(true);
        stepping.join();
        assertTrue(mirror.synced());
        mirror.all().forEach(object -> assertTrue(changed.contains(object.name())));
        assertEquals(server.all(Resource.CONFIG_MAPS), mirror.all());
      }
    }
  }

  private static void step(Mirror mirror, AtomicBoolean ended) {
    try {
      while (!ended.get()) {
        mirror.step(Duration.ofMillis(100));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(ApiServer server) throws InterruptedException {
    Random random = new Random(3);
    for (int i = 0; i < WRITES; i++) {
      String name = "c" + random.nextInt(20);
      KubeObject object = KubeObject.of(Resource.CONFIG_MAPS, "n", name);
      try {
        switch (random.nextInt(6)) {
          case 0 -> server.dropWatches(request -> true);
          case 1 -> server.compact();
          case 2 -> server.delete(Resource.CONFIG_MAPS, "n", name, DeleteOptions.DEFAULT);
          case 3 ->
              server.patch(
                  Resource.CONFIG_MAPS, "n", name, object.with("v" + i, "data", "x").json());
          default -> server.create(Resource.CONFIG_MAPS, object);
        }
      } catch (KubeException e) {
        // not there, there already, or a fault
      }
      Thread.sleep(random.nextInt(3));
    }
  }
}
