package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.server.ApiServer;
import dev.longshore.kube.server.Faults;
import dev.longshore.kube.server.HttpApiServer;
import dev.longshore.kube.server.Request;
import dev.longshore.kube.server.Verb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client when things go wrong between it and the server.
class HttpKubeApiTest {
  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private final ApiServer server = new ApiServer(clock, new Random(1));
  private final HttpApiServer http;
  private final HttpKubeApi api;

  HttpKubeApiTest() throws IOException {
    http = new HttpApiServer(server, null);
    http.accept("t", "");
    api = client(BearerToken.of("t", clock));
  }

  private HttpKubeApi client(BearerToken token) {
    return new HttpKubeApi(
        new Cluster(http.uri(), Optional.empty(), new Cluster.Identity(token, Map.of()), ""),
        Limits.STANDARD,
        clock.pace());
  }

  @AfterEach
  void stop() {
    api.close();
    http.close();
  }

  private static KubeObject configMap(String name) {
    return KubeObject.of(Resource.CONFIG_MAPS, "n", name);
  }

  @Test
  void waitsAndRepeatsWhatWasRefusedUnread() throws KubeException {
    server.faults().on(Request::isWrite).times(2).before(Faults.tooMany(Duration.ofSeconds(3)));
    api.create(Resource.CONFIG_MAPS, configMap("a"));
    assertEquals(List.of(Duration.ofSeconds(3), Duration.ofSeconds(3)), clock.slept);
  }

  @Test
  void givesUpWhenTheServerAsksForTooMuchTime() {
    server.faults().on(Request::isWrite).always().before(Faults.tooMany(Duration.ofSeconds(16)));
    KubeException failure =
        KubeApiContract.fails(429, () -> api.create(Resource.CONFIG_MAPS, configMap("a")));
    assertEquals(Duration.ofSeconds(16), failure.retryAfter());
    assertEquals(1, server.counters().total());
  }

  @Test
  void repeatsReadsThatFail() throws KubeException {
    api.create(Resource.CONFIG_MAPS, configMap("a"));
    server.faults().on(request -> true).at(1).before(Faults.unavailable());
    server.faults().on(request -> true).at(2).before(Faults.noAnswer());
    assertEquals("a", api.get(Resource.CONFIG_MAPS, "n", "a").name());
    assertFalse(clock.slept.isEmpty());
  }

  @Test
  void givesUpReadsInTheEnd() {
    server.faults().on(request -> true).always().before(Faults.internal());
    KubeApiContract.fails(500, () -> api.get(Resource.CONFIG_MAPS, "n", "a"));
    assertEquals(5, server.counters().total());
  }

  @Test
  void neverRepeatsWritesThatMayHaveHappened() {
    server.faults().on(Request::isWrite).at(1).after(Faults.noAnswer());
    KubeApiContract.fails(0, () -> api.create(Resource.CONFIG_MAPS, configMap("a")));
    assertNotNull(server.find(Resource.CONFIG_MAPS, "n", "a"));
    server.faults().on(Request::isWrite).at(1).before(Faults.unavailable());
    KubeApiContract.fails(503, () -> api.create(Resource.CONFIG_MAPS, configMap("b")));
    server.faults().on(Request::isWrite).at(1).before(Faults.conflict());
    KubeApiContract.fails(409, () -> api.create(Resource.CONFIG_MAPS, configMap("c")));
    assertEquals(3, server.counters().total());
  }

  @Test
  void repeatsWritesThatNeverLeft() {
    http.close();
    KubeException failure =
        KubeApiContract.fails(0, () -> api.create(Resource.CONFIG_MAPS, configMap("a")));
    assertEquals(4, clock.slept.size());
    assertTrue(String.valueOf(failure.getMessage()).contains("/api/v1/namespaces/n/configmaps"));
  }

  @Test
  void followsTheTokenFile() throws IOException {
    Path file = folder.resolve("token");
    Files.writeString(file, "one\n");
    http.accept("one", "");
    try (HttpKubeApi agent = client(BearerToken.ofFile(file, clock))) {
      agent.create(Resource.CONFIG_MAPS, configMap("a"));
      Files.writeString(file, "two\n");
      http.accept("two", "");
      http.refuse("one");
      // Refused with the old one, it looks for another.
      assertEquals("a", agent.get(Resource.CONFIG_MAPS, "n", "a").name());
      Files.delete(file);
      clock.pass(Duration.ofMinutes(1));
      assertEquals("a", agent.get(Resource.CONFIG_MAPS, "n", "a").name());
      http.refuse("two");
      KubeApiContract.fails(401, () -> agent.get(Resource.CONFIG_MAPS, "n", "a"));
      KubeApiContract.fails(401, () -> agent.watch(Resource.CONFIG_MAPS, "n", ListOptions.ALL));
    }
  }

  @Test
  void failuresNeverShowTheToken() {
    http.refuse("t");
    KubeException failure =
        KubeApiContract.fails(401, () -> api.get(Resource.CONFIG_MAPS, "n", "a"));
    assertFalse(String.valueOf(failure.getMessage()).contains("Bearer"));
    IOException refused =
        assertThrows(IOException.class, () -> BearerToken.of("secret\ntext", clock));
    assertFalse(String.valueOf(refused.getMessage()).contains("secret"));
  }

  @Test
  void usersAreWhoTheirTokensSay() throws KubeException {
    http.accept("t", "nobody");
    KubeException failure =
        KubeApiContract.fails(403, () -> api.list(Resource.PODS, "", ListOptions.ALL));
    assertTrue(String.valueOf(failure.getMessage()).contains("nobody"), failure.getMessage());
    assertEquals("Forbidden", failure.reason());
  }

  @Test
  void watchesReportCutsAndGoneVersions() throws KubeException {
    String before = server.version();
    api.create(Resource.CONFIG_MAPS, configMap("a"));
    try (Watch watch = api.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from(before))) {
      assertEquals("a", KubeApiContract.event(watch).object().name());
      server.dropWatches(request -> true);
      KubeApiContract.fails(0, () -> watch.next(Duration.ofSeconds(20)));
      KubeApiContract.fails(0, () -> watch.next(Duration.ofSeconds(20)));
    }
    server.compact();
    assertTrue(
        KubeApiContract.fails(
                410, () -> api.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from(before)))
            .isGone());
  }

  @Test
  void watchesGetBookmarks() throws KubeException {
    try (Watch watch = api.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL)) {
      server.bookmark();
      WatchEvent event = watch.next(Duration.ofSeconds(20));
      assertNotNull(event);
      assertEquals(WatchEvent.Type.BOOKMARK, event.type());
      assertEquals(server.version(), event.object().resourceVersion());
      assertNull(watch.next(Duration.ZERO));
    }
  }

  @Test
  void watchesCanBeClosedByOthers() throws Exception {
    try (Watch watch = api.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL)) {
      Thread other = Thread.ofVirtual().start(watch::close);
      KubeApiContract.fails(0, () -> watch.next(Duration.ofSeconds(60)));
      other.join();
    }
  }

  @Test
  void namesStayNames() {
    KubeApiContract.fails(404, () -> api.get(Resource.CONFIG_MAPS, "n", "../../../secrets"));
    KubeApiContract.fails(404, () -> api.get(Resource.CONFIG_MAPS, "n", "a?watch=true&x=#b%2F"));
    KubeApiContract.fails(400, () -> api.get(Resource.CONFIG_MAPS, "n", ""));
    KubeApiContract.fails(400, () -> api.get(Resource.CONFIG_MAPS, "n", ".."));
    KubeApiContract.fails(400, () -> api.get(Resource.CONFIG_MAPS, "", "a"));
    KubeApiContract.fails(
        400, () -> api.delete(Resource.CONFIG_MAPS, "n", "", DeleteOptions.DEFAULT));
    KubeApiContract.fails(
        400, () -> api.create(Resource.CONFIG_MAPS, KubeObject.of(Resource.CONFIG_MAPS, "", "a")));
    assertEquals(2, server.counters().of(Verb.GET, Resource.CONFIG_MAPS));
  }

  @Test
  void listsOfManyPagesComeWhole() throws KubeException {
    for (int i = 0; i < 1201; i++) {
      server.create(Resource.CONFIG_MAPS, configMap("c" + i));
    }
    server
        .faults()
        .on(request -> request.is(Verb.LIST, Resource.CONFIG_MAPS))
        .at(2)
        .before(Faults.gone());
    KubeList all = KubeLists.all(api, Resource.CONFIG_MAPS, "n", ListOptions.ALL);
    assertEquals(server.all(Resource.CONFIG_MAPS), all.items());
    assertEquals(server.version(), all.resourceVersion());
    assertEquals(5, server.counters().of(Verb.LIST, Resource.CONFIG_MAPS));
  }

  @Test
  void objectsComeWithoutTheNotesOnWriters() throws KubeException {
    server.create(
        Resource.CONFIG_MAPS,
        configMap("a")
            .with(Json.Arr.of(Json.Obj.of("x", Json.Num.of(1))), "metadata", "managedFields"));
    assertNull(api.get(Resource.CONFIG_MAPS, "n", "a").at("metadata", "managedFields"));
    KubeObject listed = api.list(Resource.CONFIG_MAPS, "n", ListOptions.ALL).items().getFirst();
    assertNull(listed.at("metadata", "managedFields"));
    assertEquals("ConfigMap", listed.kind());
  }
}
