package dev.longshore.agent.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.agent.world.mover.RealMover;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import dev.longshore.kube.server.ApiServer;
import dev.longshore.mover.task.StorageLocation;
import dev.longshore.mover.task.TaskOption;
import dev.longshore.mover.task.TaskReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real mover runs in the world's pods, on the world's disks.
class RealMoverWorldTest {
  private static final String VELERO = "velero";

  @TempDir Path folder;

  @Test
  void movesFilesFromOneVolumeToAnother() throws Exception {
    Cluster cluster = new Cluster(Cluster.Options.of(1).in(folder));
    cluster.trust(ApiServer.serviceAccount(VELERO, "default"));
    cluster.programs().addForWord("data-mover", RealMover.program());
    for (String name : List.of("from", "to")) {
      cluster.makeVolume(Furniture.claim(VELERO, name, "fast", "1Mi"), "");
    }
    Files.writeString(cluster.volume(VELERO, "from").resolve("greeting"), "hello");
    TaskReport prepared =
        run(cluster, "prepare", "from", TaskOption.FULL_MAINTENANCE_SECONDS + "=86400");
    assertEquals(TaskReport.Outcome.COMPLETED, prepared.outcome(), prepared.message());
    TaskReport saved =
        run(cluster, "backup", "from", TaskOption.SOURCE_PATH + "=snapshots/shop/from");
    assertEquals(TaskReport.Outcome.COMPLETED, saved.outcome(), saved.message());
    TaskReport restored =
        run(cluster, "restore", "to", TaskOption.SNAPSHOT + "=" + saved.snapshotId());
    assertEquals(TaskReport.Outcome.COMPLETED, restored.outcome(), restored.message());
    assertEquals("hello", Files.readString(cluster.volume(VELERO, "to").resolve("greeting")));
  }

  private static TaskReport run(Cluster cluster, String task, String claim, String option)
      throws Exception {
    KubeObject location =
        cluster.server().get(Kinds.STORAGE_LOCATIONS, VELERO, cluster.velero().location());
    KubeObject made =
        cluster
            .server()
            .create(Resource.PODS, pod(task, claim, StorageLocation.of(location).toJson(), option));
    assertTrue(
        cluster.runUntil(
            () ->
                List.of("Succeeded", "Failed")
                    .contains(find(cluster, made).text("status", "phase")),
            Duration.ofHours(1)));
    KubeObject status =
        new KubeObject(
            find(cluster, made).array("status", "containerStatuses").objects().getFirst());
    return TaskReport.parse(status.text("state", "terminated", "message"));
  }

  private static KubeObject find(Cluster cluster, KubeObject pod) {
    KubeObject found = cluster.server().find(Resource.PODS, VELERO, pod.name());
    assertNotNull(found);
    return found;
  }

  private static KubeObject pod(String task, String claim, String location, String option)
      throws KubeException {
    KubeObject pod = Furniture.pod(VELERO, task, claim);
    List<Json> volumes = new ArrayList<>(pod.array("spec", "volumes").elements());
    volumes.add(
        Json.Obj.EMPTY
            .with("name", "password")
            .with("secret", Json.Obj.EMPTY.with("secretName", "velero-repo-credentials")));
    volumes.add(Json.Obj.EMPTY.with("name", "cache").with("emptyDir", Json.Obj.EMPTY));
    Json.Obj variable =
        Json.Obj.EMPTY.with("name", StorageLocation.VARIABLE).with("value", location);
    Json.Obj container =
        Json.Obj.EMPTY
            .with("name", "mover")
            .with("image", "longshore:test")
            .with("command", Json.Arr.ofStrings(List.of("/bin/data-mover")))
            .with(
                "args",
                Json.Arr.ofStrings(
                    List.of(
                        task,
                        TaskOption.VOLUME_PATH + "=/data",
                        TaskOption.VOLUME_MODE + "=Filesystem",
                        TaskOption.REPOSITORY_NAMESPACE + "=shop",
                        TaskOption.PASSWORD_FILE + "=/password/repository-password",
                        TaskOption.CACHE_FOLDER + "=/cache",
                        TaskOption.REPORT_FILE + "=/dev/termination-log",
                        option)))
            .with("env", Json.Arr.of(variable))
            .with(
                "volumeMounts",
                Json.Arr.of(
                    mount("data", "/data"),
                    mount("password", "/password"),
                    mount("cache", "/cache")));
    return pod.with("Never", "spec", "restartPolicy")
        .with(Json.Arr.of(container), "spec", "containers")
        .with(new Json.Arr(volumes), "spec", "volumes");
  }

  private static Json mount(String name, String path) {
    return Json.Obj.EMPTY.with("name", name).with("mountPath", path);
  }
}
