package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to objects and connections, a mirror ends equal to a list, and has reported
/// every object that is not as its listener last saw it.
class MirrorPropertyTest {
  private static final int STEPS = 2000;
  private static final ListOptions SELECTION = ListOptions.withLabels("app=a");

  private final TestClock clock = new TestClock();
  private final Map<String, String> seen = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void endsEqualToAList(long seed) throws Exception {
    Random random = new Random(seed);
    ApiServer server = new ApiServer(clock, new Random(seed));
    server.faults().on(request -> true).chance(0.05).before(Faults.unavailable());
    server.faults().on(request -> !request.isWrite()).chance(0.03).before(Faults.gone());
    server.faults().on(request -> !request.isWrite()).chance(0.03).after(Faults.noAnswer());
    Set<String> changed = new HashSet<>();
    Mirror mirror =
        new Mirror(
            server,
            new Mirror.Scope(Resource.CONFIG_MAPS, "", SELECTION),
            clock.pace(),
            (namespace, name) -> changed.add(namespace + "/" + name));
    try (mirror) {
      for (int i = 0; i < STEPS; i++) {
        act(server, mirror, random);
        look(mirror, changed, random.nextInt(10) == 0);
      }
      server.faults().clear();
      for (int i = 0; i < 100; i++) {
        clock.pass(Duration.ofMinutes(1));
        mirror.step(Duration.ZERO);
      }
      List<KubeObject> there = server.list(Resource.CONFIG_MAPS, "", SELECTION).items();
      assertEquals(there, mirror.all());
      assertTrue(mirror.synced());
      assertTrue(mirror.failure().isEmpty());
      look(mirror, changed, true);
      assertEquals(there.size(), seen.size());
      there.forEach(
          object -> assertEquals(object.resourceVersion(), seen.get("n/" + object.name())));
    }
  }

  /// Sees the changed objects and no others, as a controller does.
  private void look(Mirror mirror, Set<String> changed, boolean now) {
    if (now) {
      for (String key : changed) {
        String[] parts = key.split("/", -1);
        mirror
            .get(parts[0], parts[1])
            .ifPresentOrElse(
                object -> seen.put(key, object.resourceVersion()), () -> seen.remove(key));
      }
      changed.clear();
    }
  }

  private void act(ApiServer server, Mirror mirror, Random random) throws InterruptedException {
    String name = "o" + random.nextInt(12);
    try {
      switch (random.nextInt(12)) {
        case 0, 1 ->
            server.create(
                Resource.CONFIG_MAPS,
                KubeObject.of(Resource.CONFIG_MAPS, "n", name)
                    .withLabel("app", random.nextBoolean() ? "a" : "b"));
        case 2 ->
            server.patch(
                Resource.CONFIG_MAPS,
                "n",
                name,
                KubeObject.of(Resource.CONFIG_MAPS, "n", name)
                    .with("v" + random.nextInt(), "data", "x")
                    .json());
        case 3 ->
            server.patch(
                Resource.CONFIG_MAPS,
                "n",
                name,
                KubeObject.of(Resource.CONFIG_MAPS, "n", name)
                    .withLabel("app", random.nextBoolean() ? "a" : "b")
                    .json());
        case 4 -> server.delete(Resource.CONFIG_MAPS, "n", name, DeleteOptions.DEFAULT);
        case 5 -> clock.pass(Duration.ofMillis(random.nextInt(3000)));
        case 6 -> rarely(random, () -> server.dropWatches(request -> true));
        case 7 -> rarely(random, server::compact);
        case 8 -> rarely(random, server::bookmark);
        default -> mirror.step(Duration.ZERO);
      }
    } catch (KubeException e) {
      // not there, there already, or a fault
    }
  }

  private static void rarely(Random random, Runnable action) {
    if (random.nextInt(5) == 0) {
      action.run();
    }
  }
}
