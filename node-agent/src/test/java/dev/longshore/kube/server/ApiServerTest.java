package dev.longshore.kube.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;
import dev.longshore.kube.WatchEvent;
import dev.longshore.kube.Yaml;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What only the server in memory can do, or be asked about.
class ApiServerTest {
  private static final Resource UPLOADS =
      new Resource("velero.io", "v2alpha1", "datauploads", "DataUpload", true);

  private final ApiServer server = server(Generation.NEW);

  private static ApiServer server(Generation generation) {
    return ApiServer.withVelero(
        generation, InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")), new Random(1));
  }

  private static KubeObject configMap(String name) {
    return KubeObject.of(Resource.CONFIG_MAPS, "n", name);
  }

  private static KubeException fails(int code, Executable request) {
    KubeException failure = assertThrows(KubeException.class, request);
    assertEquals(code, failure.code(), failure.getMessage());
    return failure;
  }

  @Test
  void oldGenerationPrunesWhatItDoesNotKnow() throws KubeException {
    KubeObject upload =
        KubeObject.of(UPLOADS, "velero", "u")
            .with("loc", "spec", "backupStorageLocation")
            .with("10m0s", "spec", "operationTimeout")
            .with("CSI", "spec", "snapshotType")
            .with("app", "spec", "sourceNamespace")
            .with("data", "spec", "sourcePVC")
            .with("none", "spec", "parentSnapshot");
    assertEquals("none", server.create(UPLOADS, upload).text("spec", "parentSnapshot"));
    assertNull(server(Generation.OLD).create(UPLOADS, upload).at("spec", "parentSnapshot"));
  }

  @Test
  void sameSeedGivesSameNames() throws KubeException {
    KubeObject nameless =
        configMap("x").without("metadata", "name").with("a-", "metadata", "generateName");
    KubeObject one = server.create(Resource.CONFIG_MAPS, nameless);
    assertEquals(one, server(Generation.NEW).create(Resource.CONFIG_MAPS, nameless));
  }

  @Test
  void faultsBeforeAWritePreventIt() throws KubeException {
    server.faults().on(Request::isWrite).at(2).before(Faults.noAnswer());
    server.create(Resource.CONFIG_MAPS, configMap("a"));
    fails(0, () -> server.create(Resource.CONFIG_MAPS, configMap("b")));
    assertNull(server.find(Resource.CONFIG_MAPS, "n", "b"));
    server.create(Resource.CONFIG_MAPS, configMap("b"));
  }

  @Test
  void faultsAfterAWriteHideIt() {
    server.faults().on(Request::isWrite).at(1).after(Faults.noAnswer());
    fails(0, () -> server.create(Resource.CONFIG_MAPS, configMap("a")));
    assertNotNull(server.find(Resource.CONFIG_MAPS, "n", "a"));
  }

  @Test
  void hooksMayCallTheServerOrCrashTheCaller() {
    server
        .faults()
        .on(request -> request.is(Verb.CREATE, Resource.CONFIG_MAPS))
        .at(1)
        .before(request -> server.create(Resource.CONFIG_MAPS, configMap(request.objectName())));
    assertEquals(
        "AlreadyExists",
        fails(409, () -> server.create(Resource.CONFIG_MAPS, configMap("a"))).reason());
    server.faults().clear();
    server
        .faults()
        .on(Request::isWrite)
        .at(1)
        .after(
            Faults.hook(() -> {
              throw new IllegalStateException("crash");
            }));
    assertThrows(
        IllegalStateException.class, () -> server.create(Resource.CONFIG_MAPS, configMap("b")));
    assertNotNull(server.find(Resource.CONFIG_MAPS, "n", "b"));
  }

  @Test
  void refusalsCarryWhatTheyAskFor() {
    server.faults().on(request -> true).at(1).before(Faults.tooMany(Duration.ofSeconds(7)));
    KubeException failure = fails(429, () -> server.get(Resource.CONFIG_MAPS, "n", "a"));
    assertEquals(Duration.ofSeconds(7), failure.retryAfter());
  }

  @Test
  void compactionEndsEarlierVersions() throws KubeException {
    String before = server.list(Resource.CONFIG_MAPS, "", ListOptions.ALL).resourceVersion();
    server.create(Resource.CONFIG_MAPS, configMap("a"));
    server.create(Resource.CONFIG_MAPS, configMap("b"));
    String token =
        server.list(Resource.CONFIG_MAPS, "", ListOptions.ALL.page(1, "")).continueFrom();
    try (Watch behind = server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from(before));
        Watch other = server.watch(Resource.SECRETS, "", ListOptions.ALL.from(before))) {
      server.create(Resource.CONFIG_MAPS, configMap("c"));
      server.compact();
      assertTrue(fails(410, () -> behind.next(Duration.ZERO)).isGone());
      assertNull(other.next(Duration.ZERO));
    }
    fails(410, () -> server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from(before)));
    fails(410, () -> server.list(Resource.CONFIG_MAPS, "", ListOptions.ALL.page(1, token)));
    fails(400, () -> server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from("x")));
  }

  @Test
  void bookmarksTellTheVersion() throws KubeException {
    String before = server.version();
    try (Watch watch = server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL.from(before))) {
      server.create(Resource.SECRETS, KubeObject.of(Resource.SECRETS, "n", "s"));
      server.bookmark();
      WatchEvent event = watch.next(Duration.ZERO);
      assertNotNull(event);
      assertEquals(WatchEvent.Type.BOOKMARK, event.type());
      assertEquals(server.version(), event.object().resourceVersion());
    }
  }

  @Test
  void dropsWatchesOnDemand() throws KubeException {
    try (Watch watch = server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL)) {
      assertEquals(0, server.dropWatches(request -> request.resource().equals(Resource.PODS)));
      assertEquals(1, server.dropWatches(request -> true));
      fails(0, () -> watch.next(Duration.ZERO));
    }
  }

  @Test
  void waitingWatchesWakeUp() throws Exception {
    try (Watch watch = server.watch(Resource.CONFIG_MAPS, "", ListOptions.ALL)) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  server.create(Resource.CONFIG_MAPS, configMap("late"));
                } catch (KubeException e) {
                  throw new IllegalStateException(e);
                }
              });
      WatchEvent event = watch.next(Duration.ofSeconds(20));
      writer.join();
      assertNotNull(event);
      assertEquals("late", event.object().name());
    }
  }

  private static List<KubeObject> manifests(String yaml) throws IOException {
    List<KubeObject> objects = new ArrayList<>();
    for (Json document : Yaml.parseAll(yaml)) {
      objects.add(new KubeObject((Json.Obj) document));
    }
    return objects;
  }

  private static final String ROLES =
      """
      kind: ClusterRole
      metadata: {name: reader}
      rules:
      - {apiGroups: [""], resources: [pods], verbs: [get, list]}
      - {apiGroups: [""], resources: [secrets], resourceNames: [one], verbs: [get, list]}
      - {apiGroups: [""], resources: [pods/status], verbs: [update]}
      ---
      kind: ClusterRoleBinding
      metadata: {name: reader}
      subjects: [{kind: ServiceAccount, namespace: velero, name: agent}]
      roleRef: {kind: ClusterRole, name: reader}
      ---
      kind: Role
      metadata: {name: writer, namespace: velero}
      rules: [{apiGroups: [""], resources: [configmaps], verbs: ["*"]}]
      ---
      kind: RoleBinding
      metadata: {name: writer, namespace: velero}
      subjects: [{kind: Group, name: "system:serviceaccounts:velero"}]
      roleRef: {kind: Role, name: writer}
      """;

  @Test
  void rolesDecideWhoMayDoWhat() throws IOException {
    manifests(ROLES).forEach(server.access()::apply);
    KubeApi agent = server.asUser(ApiServer.serviceAccount("velero", "agent"));
    agent.list(Resource.PODS, "", ListOptions.ALL);
    fails(404, () -> agent.get(Resource.PODS, "any", "p"));
    fails(403, () -> agent.create(Resource.PODS, KubeObject.of(Resource.PODS, "any", "p")));
    fails(403, () -> agent.watch(Resource.PODS, "", ListOptions.ALL));
    fails(404, () -> agent.replaceStatus(Resource.PODS, KubeObject.of(Resource.PODS, "a", "p")));
    fails(403, () -> agent.replace(Resource.PODS, KubeObject.of(Resource.PODS, "a", "p")));
    fails(404, () -> agent.get(Resource.SECRETS, "velero", "one"));
    fails(403, () -> agent.get(Resource.SECRETS, "velero", "two"));
    fails(403, () -> agent.list(Resource.SECRETS, "velero", ListOptions.ALL));
    agent.list(Resource.SECRETS, "velero", ListOptions.withFields("metadata.name=one"));
    agent.create(Resource.CONFIG_MAPS, KubeObject.of(Resource.CONFIG_MAPS, "velero", "c"));
    fails(
        403,
        () ->
            agent.create(Resource.CONFIG_MAPS, KubeObject.of(Resource.CONFIG_MAPS, "other", "c")));
    fails(403, () -> agent.list(Resource.CONFIG_MAPS, "", ListOptions.ALL));
    KubeApi other = server.asUser(ApiServer.serviceAccount("other", "agent"));
    assertTrue(fails(403, () -> other.list(Resource.PODS, "", ListOptions.ALL)).isForbidden());
  }

  @Test
  void tellsWhatNobodyNeeded() throws IOException {
    manifests(ROLES).forEach(server.access()::apply);
    KubeApi agent = server.asUser(ApiServer.serviceAccount("velero", "agent"));
    agent.list(Resource.PODS, "", ListOptions.ALL);
    List<String> unused = server.access().unused();
    assertTrue(unused.contains("ClusterRole//reader[0] get pods"), unused.toString());
    assertTrue(unused.stream().noneMatch(line -> line.endsWith("list pods")), unused.toString());
  }

  @Test
  void countsRequests() throws KubeException {
    server.counters().reset();
    server.create(Resource.CONFIG_MAPS, configMap("a"));
    server.get(Resource.CONFIG_MAPS, "n", "a");
    server.get(Resource.CONFIG_MAPS, "n", "a");
    assertThrows(
        KubeException.class,
        () ->
            server.asUser("nobody").delete(Resource.CONFIG_MAPS, "n", "a", DeleteOptions.DEFAULT));
    assertEquals(2, server.counters().of(Verb.GET, Resource.CONFIG_MAPS));
    assertEquals(2, server.counters().writes());
    assertEquals(1, server.counters().writesOf("nobody"));
    assertEquals(4, server.counters().total());
  }

  @Test
  void lostOwnersAreTakenFromWhatHasOthers() throws KubeException {
    KubeObject owner = server.create(Resource.CONFIG_MAPS, configMap("owner"));
    Json.Obj present =
        Json.Obj.EMPTY
            .with("apiVersion", "v1")
            .with("kind", "ConfigMap")
            .with("name", "owner")
            .with("uid", owner.uid());
    KubeObject owned =
        configMap("owned")
            .with(
                Json.Arr.of(present, present.with("name", "lost").with("uid", "u")),
                "metadata",
                "ownerReferences");
    server.create(Resource.CONFIG_MAPS, owned);
    server.collect();
    KubeObject left = server.get(Resource.CONFIG_MAPS, "n", "owned");
    assertEquals(List.of(present), left.array("metadata", "ownerReferences").elements());
  }

  @Test
  void chainsOfOwnersGoWhole() throws KubeException {
    String uid = server.create(Resource.CONFIG_MAPS, configMap("c0")).uid();
    for (int i = 1; i < 4; i++) {
      Json owner =
          Json.Obj.EMPTY
              .with("apiVersion", "v1")
              .with("kind", "ConfigMap")
              .with("name", "c" + (i - 1))
              .with("uid", uid);
      uid =
          server
              .create(
                  Resource.CONFIG_MAPS,
                  configMap("c" + i).with(Json.Arr.of(owner), "metadata", "ownerReferences"))
              .uid();
    }
    server.delete(Resource.CONFIG_MAPS, "n", "c0", DeleteOptions.DEFAULT);
    server.collect();
    assertEquals(List.of(), server.all(Resource.CONFIG_MAPS));
  }
}
