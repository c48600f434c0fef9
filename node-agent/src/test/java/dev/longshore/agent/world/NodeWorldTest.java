package dev.longshore.agent.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.node.Exit;
import dev.longshore.agent.world.node.Nodes;
import dev.longshore.agent.world.node.PodRun;
import dev.longshore.agent.world.node.RunningPod;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scheduler and the kubelets do what those of a cluster do.
class NodeWorldTest {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String SHOP = "shop";

  private static Cluster cluster() throws KubeException {
    return new Cluster(Cluster.Options.of(1));
  }

  /// A pod of one container, which runs the program called `job`.
  private static KubeObject job(String name) {
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "main")
            .with("image", "job:1")
            .with("command", Json.Arr.ofStrings(List.of("job")));
    return KubeObject.of(Resource.PODS, SHOP, name)
        .with("Never", "spec", "restartPolicy")
        .with(Json.Arr.of(container), "spec", "containers");
  }

  private static KubeObject find(Cluster cluster, String pod) {
    KubeObject found = cluster.server().find(Resource.PODS, SHOP, pod);
    assertNotNull(found, pod);
    return found;
  }

  private static KubeObject state(KubeObject pod) {
    return new KubeObject(pod.array("status", "containerStatuses").objects().getFirst());
  }

  private static KubeObject running(Cluster cluster, KubeObject pod) throws KubeException {
    cluster.server().create(Resource.PODS, pod);
    assertTrue(
        cluster.runUntil(
            () -> find(cluster, pod.name()).text("status", "phase").equals("Running"), SOON));
    return find(cluster, pod.name());
  }

  /// A program that ends when its pod is old enough, or is told to.
  private static final class Ending implements RunningPod {
    private final Exit exit;
    private boolean told;
    private int polls;

    Ending(Exit exit) {
      this.exit = exit;
    }

    @Override
    public Optional<Exit> poll() {
      polls++;
      return told || polls > 3 ? Optional.of(exit) : Optional.empty();
    }

    @Override
    public void terminate() {
      told = true;
    }

    @Override
    public void kill() {}
  }

  @Test
  void reportsEndOfProgramWithItsLastWords() throws KubeException {
    Cluster cluster = cluster();
    for (int code : List.of(0, 3)) {
      Exit exit = new Exit(code, "x".repeat(100) + "y".repeat(4096));
      cluster.programs().addForWord("job", _ -> new Ending(exit));
      cluster.server().create(Resource.PODS, job("job-" + code));
      cluster.run(SOON);
      KubeObject pod = find(cluster, "job-" + code);
      assertEquals(code == 0 ? "Succeeded" : "Failed", pod.text("status", "phase"));
      assertEquals(code, state(pod).number("state", "terminated", "exitCode"));
      assertEquals(
          code == 0 ? "Completed" : "Error", state(pod).text("state", "terminated", "reason"));
      assertEquals("y".repeat(4096), state(pod).text("state", "terminated", "message"));
    }
  }

  @Test
  void choosesNodeThatPodAsksFor() throws KubeException {
    Cluster cluster = cluster();
    Json taint = Json.Obj.EMPTY.with("key", "k").with("value", "v").with("effect", "NoSchedule");
    cluster.addNode(
        Nodes.linux("n3").withLabel("pool", "backup").with(Json.Arr.of(taint), "spec", "taints"));
    Json.Obj term =
        Json.Obj.EMPTY
            .with("key", "pool")
            .with("operator", "In")
            .with("values", Json.Arr.ofStrings(List.of("backup")));
    KubeObject pod =
        job("a")
            .with(
                Json.Arr.of(Json.Obj.of("matchExpressions", Json.Arr.of(term))),
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms");
    cluster.server().create(Resource.PODS, pod);
    cluster.run(SOON);
    assertEquals("", find(cluster, "a").text("spec", "nodeName"), "the taint keeps it away");
    KubeObject condition =
        new KubeObject(find(cluster, "a").array("status", "conditions").objects().getFirst());
    assertEquals("Unschedulable", condition.text("reason"));

    Json toleration = Json.Obj.EMPTY.with("key", "k").with("operator", "Exists");
    KubeObject bearing =
        pod.with(Json.Arr.of(toleration), "spec", "tolerations").with("b", "metadata", "name");
    assertEquals("n3", running(cluster, bearing).text("spec", "nodeName"));
  }

  @Test
  void evictedPodFailsWithoutLastWords() throws KubeException {
    Cluster cluster = cluster();
    KubeObject pod = running(cluster, job("a"));
    cluster.kubeletOf(pod).evict(pod, "The node was low on resource: memory.");
    cluster.run(SOON);
    KubeObject evicted = find(cluster, "a");
    assertEquals("Failed", evicted.text("status", "phase"));
    assertEquals("Evicted", evicted.text("status", "reason"));
    assertEquals("", state(evicted).text("state", "terminated", "message"));
    assertTrue(hasEvent(cluster, "Evicted", "low on resource"));
  }

  private static boolean hasEvent(Cluster cluster, String reason, String words) {
    return cluster.server().all(Resource.EVENTS).stream()
        .anyMatch(
            event -> event.text("reason").equals(reason) && event.text("message").contains(words));
  }

  @Test
  void killsPodThatNeedsTooMuchMemory() throws KubeException {
    Cluster cluster = cluster();
    KubeObject pod = running(cluster, job("a"));
    cluster.kubeletOf(pod).oomKill(pod);
    cluster.run(SOON);
    KubeObject killed = state(find(cluster, "a"));
    assertEquals("OOMKilled", killed.text("state", "terminated", "reason"));
    assertEquals(137, killed.number("state", "terminated", "exitCode"));
  }

  @Test
  void waitsForImage() throws KubeException {
    Cluster cluster = cluster();
    cluster.troubles().cause(Troubles.Kind.IMAGE, _ -> true, "not there", Troubles.ALWAYS);
    cluster.server().create(Resource.PODS, job("a"));
    cluster.run(SOON);
    assertEquals("Pending", find(cluster, "a").text("status", "phase"));
    assertEquals("ImagePullBackOff", state(find(cluster, "a")).text("state", "waiting", "reason"));
    cluster.troubles().end(Troubles.Kind.IMAGE);
    assertTrue(
        cluster.runUntil(() -> find(cluster, "a").text("status", "phase").equals("Running"), SOON));
  }

  @Test
  void fullVolumeCannotBeRelabelledUnlessReadOnly() throws KubeException {
    Cluster cluster = cluster();
    cluster
        .troubles()
        .cause(Troubles.Kind.RELABEL, _ -> true, "no space left on device", Troubles.ALWAYS);
    cluster.server().create(Resource.CLAIMS, Furniture.claim(SHOP, "a", "fast", "1Gi"));
    cluster.server().create(Resource.PODS, Furniture.pod(SHOP, "writer", "a"));
    cluster.run(SOON);
    assertEquals("Pending", find(cluster, "writer").text("status", "phase"));
    assertTrue(hasEvent(cluster, "FailedMount", "lsetxattr"));
    delete(cluster, "writer");
    Json.Obj volume =
        Json.Obj.EMPTY
            .with("name", "data")
            .with(
                "persistentVolumeClaim",
                Json.Obj.EMPTY.with("claimName", "a").with("readOnly", true));
    KubeObject reader =
        Furniture.pod(SHOP, "reader", "a").with(Json.Arr.of(volume), "spec", "volumes");
    assertEquals("Running", running(cluster, reader).text("status", "phase"));
  }

  private static void delete(Cluster cluster, String pod) throws KubeException {
    cluster.server().delete(Resource.PODS, SHOP, pod, DeleteOptions.DEFAULT);
  }

  @Test
  void deletedPodMayEndInItsOwnTime() throws KubeException {
    Cluster cluster = cluster();
    List<String> words = new ArrayList<>();
    cluster.programs().addForWord("job", _ -> new Stubborn(words));
    KubeObject pod = running(cluster, job("a").with(20, "spec", "terminationGracePeriodSeconds"));
    delete(cluster, pod.name());
    cluster.run(Duration.ofSeconds(19));
    assertEquals(List.of("terminate"), words);
    assertTrue(find(cluster, "a").isBeingDeleted());
    cluster.run(Duration.ofSeconds(3));
    assertEquals(List.of("terminate", "kill"), words);
    assertNull(cluster.server().find(Resource.PODS, SHOP, "a"));
  }

  /// A program that hears SIGTERM and goes on.
  private record Stubborn(List<String> words) implements RunningPod {
    @Override
    public Optional<Exit> poll() {
      return Optional.empty();
    }

    @Override
    public void terminate() {
      words.add("terminate");
    }

    @Override
    public void kill() {
      words.add("kill");
    }
  }

  @Test
  void podsOfLostNodeLingerAndVanishWithTheNode() throws KubeException {
    Cluster cluster = cluster();
    KubeObject pod = running(cluster, job("a"));
    String node = pod.text("spec", "nodeName");
    cluster.loseNode(node);
    cluster.run(Duration.ofMinutes(6));
    assertTrue(find(cluster, "a").isBeingDeleted());
    cluster.server().delete(Resource.NODES, "", node, DeleteOptions.DEFAULT);
    cluster.run(SOON);
    assertNull(cluster.server().find(Resource.PODS, SHOP, "a"));
  }

  @Test
  void podOfNodeThatWasAwayHasFailed() throws KubeException {
    Cluster cluster = cluster();
    KubeObject pod = running(cluster, job("a"));
    cluster.loseNode(pod.text("spec", "nodeName"));
    cluster.run(SOON);
    assertEquals("Running", find(cluster, "a").text("status", "phase"), "nobody says otherwise");
    cluster.findNode(pod.text("spec", "nodeName"));
    cluster.run(SOON);
    assertEquals(
        "ContainerStatusUnknown", state(find(cluster, "a")).text("state", "terminated", "reason"));
  }

  @Test
  void programFindsItsVolumesAndVariables(@TempDir Path folder) throws Exception {
    Cluster cluster = new Cluster(Cluster.Options.of(1).in(folder));
    List<PodRun> runs = new ArrayList<>();
    cluster
        .programs()
        .addForWord(
            "job",
            run -> {
              runs.add(run);
              return new Ending(new Exit(0, ""));
            });
    cluster.server().create(Resource.CLAIMS, Furniture.claim(SHOP, "c", "fast", "1Mi"));
    cluster.server().create(Resource.SECRETS, Furniture.secret(SHOP, "s", "key", "value"));
    KubeObject pod = Furniture.pod(SHOP, "a", "c").with("Never", "spec", "restartPolicy");
    List<Json> volumes = new ArrayList<>(pod.array("spec", "volumes").elements());
    volumes.add(
        Json.Obj.EMPTY
            .with("name", "secret")
            .with("secret", Json.Obj.EMPTY.with("secretName", "s")));
    volumes.add(
        Json.Obj.EMPTY
            .with("name", "pods")
            .with("hostPath", Json.Obj.EMPTY.with("path", "/var/lib/kubelet/pods")));
    Json.Obj from = Json.Obj.of("fieldRef", Json.Obj.EMPTY.with("fieldPath", "spec.nodeName"));
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "main")
            .with("image", "job:1")
            .with("command", Json.Arr.ofStrings(List.of("job", "--file=/secrets/key")))
            .with("env", Json.Arr.of(Json.Obj.EMPTY.with("name", "NODE").with("valueFrom", from)))
            .with(
                "volumeMounts",
                Json.Arr.of(
                    mount("data", "/data"), mount("secret", "/secrets"), mount("pods", "/pods")));
    cluster
        .server()
        .create(
            Resource.PODS,
            pod.with(Json.Arr.of(container), "spec", "containers")
                .with(new Json.Arr(volumes), "spec", "volumes"));
    cluster.run(SOON);
    PodRun run = runs.getFirst();
    assertEquals(Map.of("NODE", find(cluster, "a").text("spec", "nodeName")), run.env());
    assertEquals(cluster.volume(SHOP, "c"), run.resolve("/data"));
    String file = run.localCommandLine().getLast().substring("--file=".length());
    assertEquals("value", Files.readString(Path.of(file)));
    String volume = cluster.server().get(Resource.CLAIMS, SHOP, "c").text("spec", "volumeName");
    Path inHost =
        run.resolve("/pods")
            .resolve(run.pod().uid())
            .resolve("volumes/kubernetes.io~csi/" + volume + "/mount");
    assertTrue(Files.isSameFile(inHost, run.resolve("/data")));
    assertFalse(Files.isSymbolicLink(inHost));
  }

  private static Json mount(String name, String path) {
    return Json.Obj.EMPTY.with("name", name).with("mountPath", path);
  }

  @Test
  void jobRunsPodsUntilOneSucceeds() throws KubeException {
    Cluster cluster = cluster();
    int[] starts = new int[1];
    cluster
        .programs()
        .addForWord(
            "job",
            _ -> {
              starts[0]++;
              return new Ending(new Exit(starts[0] < 3 ? 1 : 0, ""));
            });
    cluster
        .server()
        .create(
            Resource.JOBS,
            KubeObject.of(Resource.JOBS, SHOP, "j")
                .with(job("x").object("spec"), "spec", "template", "spec"));
    cluster.run(SOON);
    KubeObject finished = cluster.server().get(Resource.JOBS, SHOP, "j");
    assertEquals(1, finished.number("status", "succeeded"));
    assertEquals(2, finished.number("status", "failed"));
  }
}
