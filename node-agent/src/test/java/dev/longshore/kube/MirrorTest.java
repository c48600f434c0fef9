package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private final TestClock clock = new TestClock();
  private final ApiServer server = new ApiServer(clock, new Random(1));
  private final List<String> changes = new ArrayList<>();
  private final Mirror mirror =
      new Mirror(
          server,
          new Mirror.Scope(Resource.CONFIG_MAPS, "", ListOptions.withLabels("app=a")),
          clock.pace(),
          (namespace, name) -> changes.add(namespace + "/" + name));

  private KubeObject create(String name) throws KubeException {
    return server.create(
        Resource.CONFIG_MAPS, KubeObject.of(Resource.CONFIG_MAPS, "n", name).withLabel("app", "a"));
  }

  private void delete(String name) throws KubeException {
    server.delete(Resource.CONFIG_MAPS, "n", name, DeleteOptions.DEFAULT);
  }

  /// Steps until there is nothing to do.
  private void settle() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      if (!mirror.step(Duration.ZERO)) {
        return;
      }
    }
    throw new AssertionError("it does not come to rest");
  }

  private List<String> taken() {
    List<String> all = List.copyOf(changes);
    changes.clear();
    return all;
  }

  @Test
  void followsByListAndWatch() throws Exception {
    KubeObject first = create("first");
    assertFalse(mirror.synced());
    settle();
    assertTrue(mirror.synced());
    assertEquals(List.of("n/first"), taken());
    server.replace(Resource.CONFIG_MAPS, first.with("2", "data", "x"));
    create("second");
    settle();
    assertEquals(List.of("n/first", "n/second"), taken());
    assertEquals("2", mirror.get("n", "first").orElseThrow().text("data", "x"));
    delete("first");
    settle();
    assertEquals(List.of("n/first"), taken());
    assertTrue(mirror.get("n", "first").isEmpty());
    assertEquals(server.all(Resource.CONFIG_MAPS), mirror.all());
    assertEquals(1, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
  }

  @Test
  void goesOnFromTheLastVersionAfterACut() throws Exception {
    create("first");
    settle();
    assertEquals(1, server.dropWatches(request -> true));
    create("second");
    settle();
    assertEquals(List.of("n/first", "n/second"), taken());
    assertEquals(1, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
    assertEquals(2, server.counters().of(Verb.WATCH, Resource.CONFIG_MAPS));
    assertTrue(mirror.failure().isEmpty());
  }

  @Test
  void listsAgainWhenTheVersionIsGone() throws Exception {
    create("first");
    create("second");
    settle();
    taken();
    delete("first");
    create("third");
    server.compact();
    settle();
    assertEquals(List.of("n/third", "n/first"), taken());
    assertEquals(server.all(Resource.CONFIG_MAPS), mirror.all());
    assertEquals(2, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
  }

  @Test
  void bookmarksKeepTheVersionYoung() throws Exception {
    create("first");
    settle();
    server.create(Resource.SECRETS, KubeObject.of(Resource.SECRETS, "n", "elsewhere"));
    server.bookmark();
    settle();
    server.compact();
    server.dropWatches(request -> true);
    settle();
    assertEquals(1, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
  }

  @Test
  void pausesLongerFromOneFailureToTheNext() throws Exception {
    server.faults().on(request -> request.verb() == Verb.LIST).times(4).before(Faults.internal());
    create("first");
    settle();
    assertEquals(2, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
    assertEquals(500, mirror.failure().orElseThrow().code());
    assertTrue(mirror.pausedUntil().isAfter(clock.instant()));
    assertFalse(mirror.synced());
    Duration before = Duration.ZERO;
    for (int i = 0; i < 3; i++) {
      Duration pause = Duration.between(clock.instant(), mirror.pausedUntil());
      assertTrue(pause.compareTo(before) > 0, pause + " after " + before);
      before = pause;
      assertFalse(mirror.step(Duration.ofHours(1)));
      settle();
    }
    assertTrue(mirror.synced());
    clock.pass(Duration.ofSeconds(10));
    settle();
    assertTrue(mirror.failure().isEmpty());
    assertEquals(3, clock.slept.size());
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws Exception {
    server
        .faults()
        .on(request -> request.verb() == Verb.WATCH)
        .at(1)
        .before(Faults.tooMany(Duration.ofSeconds(77)));
    settle();
    assertEquals(clock.instant().plusSeconds(77), mirror.pausedUntil());
    clock.pass(Duration.ofSeconds(77));
    create("first");
    settle();
    assertEquals(List.of("n/first"), taken());
  }

  @Test
  void doesNotSpinWhenWatchesBreakAtOnce() throws Exception {
    server.faults().on(request -> request.verb() == Verb.WATCH).always().before(Faults.gone());
    settle();
    assertEquals(2, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
  }

  @Test
  void permissionsThatAreMissingAreReported() throws Exception {
    Mirror poor =
        new Mirror(
            server.asUser("nobody"),
            new Mirror.Scope(Resource.PODS, "n", ListOptions.ALL),
            clock.pace(),
            (namespace, name) -> changes.add(name));
    try (poor) {
      assertTrue(poor.step(Duration.ZERO));
      assertTrue(poor.failure().orElseThrow().isForbidden());
      server
          .access()
          .grant(
              "nobody",
              "n",
              List.of(
                  Json.Obj.EMPTY
                      .with("apiGroups", Json.Arr.ofStrings(List.of("")))
                      .with("resources", Json.Arr.ofStrings(List.of("pods")))
                      .with("verbs", Json.Arr.ofStrings(List.of("list", "watch")))));
      assertTrue(poor.step(Duration.ZERO));
      assertTrue(poor.synced());
    }
  }

  @Test
  void closingEndsTheWatch() throws Exception {
    settle();
    assertEquals(1, server.openWatches());
    mirror.close();
    assertEquals(0, server.openWatches());
    assertFalse(mirror.step(Duration.ofHours(1)));
  }
}
