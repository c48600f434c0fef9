package dev.longshore.agent.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Velero;
import dev.longshore.agent.config.AgentConfig;
import dev.longshore.agent.config.ConfigReader;
import dev.longshore.agent.repository.UpkeepSettings;
import dev.longshore.agent.world.Cluster;
import dev.longshore.agent.world.mover.DummyRepository;
import dev.longshore.agent.world.mover.TaskCall;
import dev.longshore.agent.world.node.Exit;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.mover.task.TaskKind;
import dev.longshore.mover.task.TaskOption;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Repositories that the agent keeps, and what it does for those that Velero keeps.
class RepositoryTest {
  private static final Duration CLEAN = Duration.ofMinutes(10);
  private static final UpkeepSettings SETTINGS =
      new UpkeepSettings(true, "repositories", "maintenance", Duration.ofMinutes(5), false);

  private static AgentConfig config(String json) throws IOException {
    return ConfigReader.read(JsonCodec.parseObject(json));
  }

  private static Shop owning(long seed, String config) throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(seed), config(config), new Ownership("longshore", false), SETTINGS);
    shop.cluster().turns().crash(Cluster.VELERO_REPOSITORIES);
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    return shop;
  }

  private static KubeObject repository(Shop shop) {
    List<KubeObject> all = shop.cluster().server().all(Velero.BACKUP_REPOSITORIES);
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private static List<TaskCall> calls(Shop shop, TaskKind kind) {
    return shop.cluster().repository().calls().stream()
        .filter(call -> call.kind() == kind)
        .toList();
  }

  private static boolean hasEvent(Shop shop, String reason) {
    return shop.cluster().server().all(Resource.EVENTS).stream()
        .anyMatch(event -> event.text("reason").equals(reason));
  }

  private static void makeMap(Shop shop, String name, String key, String json)
      throws KubeException {
    shop.cluster()
        .server()
        .create(
            Resource.CONFIG_MAPS,
            KubeObject.of(Resource.CONFIG_MAPS, Shop.VELERO, name)
                .with(Json.Obj.EMPTY.with(key, json), "data"));
  }

  @Test
  void preparesAndMaintainsWhatIsItsOwn() throws Exception {
    Shop shop = owning(1, "{}");
    makeMap(
        shop,
        "repositories",
        "kopia",
        "{\"cacheLimitMB\": 2048, \"fullMaintenanceInterval\": \"fastGC\", \"other\": 1}");
    makeMap(
        shop,
        "maintenance",
        "global",
        """
        {"keepLatestMaintenanceJobs": 2, "priorityClassName": "low",
         "loadAffinity": [{"nodeSelector": {"matchLabels": {"kubernetes.io/hostname": "n2"}}}],
         "podResources": {"cpuRequest": "100m", "cpuLimit": "1", "memoryRequest": "1Gi", "memoryLimit": "2Gi"}}
        """);
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    KubeObject prepared = repository(shop);
    assertEquals("Ready", prepared.text("status", "phase"));
    assertEquals("5m0s", prepared.text("spec", "maintenanceFrequency"));
    assertEquals("2048", prepared.text("spec", "repositoryConfig", "cacheLimitMB"));
    assertEquals("", prepared.text("spec", "repositoryConfig", "other"));
    assertEquals(
        "43200",
        calls(shop, TaskKind.PREPARE).getFirst().option(TaskOption.FULL_MAINTENANCE_SECONDS));
    assertEquals("2048", calls(shop, TaskKind.BACKUP).getFirst().option(TaskOption.CACHE_LIMIT_MB));

    shop.cluster().run(Duration.ofMinutes(150));
    KubeObject kept = repository(shop);
    List<Json.Obj> history = kept.array("status", "recentMaintenance").objects();
    assertEquals(25, history.size());
    for (Json.Obj one : history) {
      assertEquals("Succeeded", new KubeObject(one).text("result"));
    }
    int runs = calls(shop, TaskKind.MAINTAIN).size();
    assertTrue(runs >= 26 && runs <= 31, "runs: " + runs);
    List<KubeObject> jobs = shop.cluster().server().all(Resource.JOBS);
    assertTrue(jobs.size() == 2 || jobs.size() == 3, Shop.text(jobs));
    KubeObject spec = new KubeObject(jobs.getFirst().object("spec", "template", "spec"));
    assertEquals("low", spec.text("priorityClassName"));
    assertTrue(JsonCodec.write(spec.json()).contains("\"memory\":\"2Gi\""));
    assertTrue(JsonCodec.write(spec.json()).contains("[\"n2\"]"));
    assertTrue(kept.time("status", "lastMaintenanceTime").isPresent());
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void maintenanceThatFailsIsInTheHistoryAndTriedAgain() throws Exception {
    Shop shop = owning(2, "{}");
    shop.cluster()
        .repository()
        .behave(
            call -> call.kind() == TaskKind.MAINTAIN,
            new DummyRepository.Behaviour.Fails("StoreUnavailable", "no answer", true),
            1);
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.cluster().run(Duration.ofMinutes(13));
    List<Json.Obj> history = repository(shop).array("status", "recentMaintenance").objects();
    assertEquals(2, history.size(), history.toString());
    assertEquals("Failed", new KubeObject(history.getFirst()).text("result"));
    assertEquals("no answer", new KubeObject(history.getFirst()).text("message"));
    assertEquals("Succeeded", new KubeObject(history.getLast()).text("result"));
    assertTrue(hasEvent(shop, "MaintenanceFailed"));
  }

  @Test
  void standsBackWhereVelerosJobsAreSeen() throws Exception {
    Shop shop = owning(3, "{}");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    KubeObject job =
        KubeObject.of(Resource.JOBS, Shop.VELERO, "velero-maintain-job-1")
            .withLabel("velero.io/repo-name", repository(shop).name())
            .with("Never", "spec", "template", "spec", "restartPolicy")
            .with(
                Json.Arr.of(Json.Obj.EMPTY.with("name", "velero").with("image", "velero:1")),
                "spec",
                "template",
                "spec",
                "containers");
    shop.cluster().server().create(Resource.JOBS, job);
    shop.cluster().run(Duration.ofMinutes(9));
    assertEquals(0, calls(shop, TaskKind.MAINTAIN).size());
    assertTrue(hasEvent(shop, "MaintainedByVelero"));
  }

  @Test
  void preparesAgainWhenTheLocationBecomesAnother() throws Exception {
    Shop shop = owning(4, "{}");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    assertEquals(1, calls(shop, TaskKind.PREPARE).size());
    KubeObject location =
        shop.cluster().server().get(Velero.STORAGE_LOCATIONS, Shop.VELERO, "default");
    shop.cluster()
        .server()
        .replace(
            Velero.STORAGE_LOCATIONS, location.with("other", "spec", "objectStorage", "prefix"));
    shop.cluster().run(Duration.ofMinutes(10));
    assertEquals(2, calls(shop, TaskKind.PREPARE).size());
    assertEquals("Ready", repository(shop).text("status", "phase"));
  }

  @Test
  void whatCannotBePreparedIsNotReadyAndSaysWhyUntilItCan() throws Exception {
    Shop shop = owning(5, "{}");
    shop.cluster()
        .repository()
        .behave(
            call -> call.kind() == TaskKind.PREPARE,
            new DummyRepository.Behaviour.Fails("ForeignData", "there are data of others", false),
            2);
    shop.backUp("nightly");
    assertTrue(
        shop.cluster()
            .runUntil(
                () ->
                    shop.cluster().server().all(Velero.BACKUP_REPOSITORIES).stream()
                        .anyMatch(one -> one.text("status", "phase").equals("NotReady")),
                Shop.LONG));
    assertTrue(
        repository(shop).text("status", "message").contains("there are data of others"),
        () -> Shop.text(repository(shop)));
    assertTrue(hasEvent(shop, "RepositoryNotReady"));
    assertTrue(shop.cluster().runUntil(() -> Shop.areOver(shop.uploads(), 1), Shop.LONG));
    assertEquals("Completed", Shop.phase(shop.uploads().getFirst()));
    assertEquals(List.of(), shop.cluster().leaksAfter(CLEAN));
  }

  @Test
  void whatWasLostWhilePreparingIsPreparedAgainSoon() throws Exception {
    Shop shop = owning(5, "{}");
    shop.cluster().repository().workTakes(Duration.ofMinutes(1));
    shop.backUp("nightly");
    assertTrue(
        shop.cluster().runUntil(() -> running(shop, TaskKind.PREPARE).isPresent(), Shop.LONG));
    KubeObject pod = running(shop, TaskKind.PREPARE).orElseThrow();
    shop.cluster().kubelet(pod.text("spec", "nodeName")).exit(pod, Exit.KILLED);
    assertTrue(
        shop.cluster()
            .runUntil(
                () -> repository(shop).text("status", "phase").equals("Ready"),
                Duration.ofMinutes(3)),
        () -> Shop.text(repository(shop)));
    assertEquals(2, calls(shop, TaskKind.PREPARE).size());
  }

  private static Optional<KubeObject> running(Shop shop, TaskKind task) {
    return shop.cluster().server().all(Resource.PODS).stream()
        .filter(pod -> pod.label(Names.TASK_LABEL).equals(task.word()))
        .filter(pod -> pod.text("status", "phase").equals("Running"))
        .findFirst();
  }

  @Test
  void velerosRepositoriesAreNeitherPreparedNorMaintained() throws Exception {
    Shop shop = new Shop(Cluster.Options.of(6));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.cluster().run(Duration.ofHours(2));
    assertEquals(0, calls(shop, TaskKind.PREPARE).size());
    assertEquals(0, calls(shop, TaskKind.MAINTAIN).size());
    assertEquals(0, calls(shop, TaskKind.VERIFY).size());
  }

  @Test
  void readsRepositoriesBackOnSchedule() throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(7),
            config("{\"longshore\":{\"verifyInterval\":\"1h\",\"verifyBytes\":\"5Gi\"}}"),
            new Ownership("longshore", false));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.cluster().run(Duration.ofMinutes(125));
    List<TaskCall> calls = calls(shop, TaskKind.VERIFY);
    assertEquals(2, calls.size());
    assertEquals(Long.toString(5L << 30), calls.getFirst().option(TaskOption.MAX_BYTES));
    KubeObject noted =
        new KubeObject(
            JsonCodec.parseObject(repository(shop).annotation("longshore.dev/verified")));
    assertEquals("good", noted.text("outcome"));
    assertFalse(noted.text("details", "verifiedBytes").isEmpty());
    assertTrue(hasEvent(shop, "Verified"));
    assertEquals(List.of(), shop.cluster().server().all(Resource.JOBS));
  }

  @Test
  void damageFoundByReadingBackIsToldAloud() throws Exception {
    Shop shop =
        new Shop(
            Cluster.Options.of(8),
            config("{\"longshore\":{\"verifyInterval\":\"1h\"}}"),
            new Ownership("longshore", false));
    shop.addAgent("agent-1");
    shop.addClaim("data", "fast");
    shop.cluster()
        .repository()
        .behave(
            call -> call.kind() == TaskKind.VERIFY,
            new DummyRepository.Behaviour.Fails("RepositoryDamaged", "3 contents", false),
            1);
    assertEquals("Completed", shop.backUpToTheEnd("nightly"));
    shop.cluster().run(Duration.ofMinutes(70));
    assertTrue(hasEvent(shop, "VerificationFailed"));
    assertTrue(repository(shop).annotation("longshore.dev/verified").contains("RepositoryDamaged"));
  }
}
