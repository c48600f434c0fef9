package dev.longshore.agent.world.node;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Parts of a pod's status.
final class PodStatus {
  private PodStatus() {}

  /// An object with a condition set.
  ///
  /// @param reason may be empty
  static KubeObject condition(KubeObject object, String type, boolean isTrue, String reason) {
    Json.Obj condition =
        Json.Obj.EMPTY.with("type", type).with("status", isTrue ? "True" : "False");
    return with(object, reason.isEmpty() ? condition : condition.with("reason", reason));
  }

  /// A pod for which there is no node.
  static KubeObject unschedulable(KubeObject pod, String message) {
    return with(
        pod,
        Json.Obj.EMPTY
            .with("type", "PodScheduled")
            .with("status", "False")
            .with("reason", "Unschedulable")
            .with("message", message));
  }

  /// An object with a condition whose status is unknown.
  static KubeObject unknown(KubeObject object, String type, String reason) {
    return with(
        object, Json.Obj.EMPTY.with("type", type).with("status", "Unknown").with("reason", reason));
  }

  private static KubeObject with(KubeObject object, Json.Obj condition) {
    List<Json> all = new ArrayList<>();
    boolean found = false;
    for (Json.Obj one : object.array("status", "conditions").objects()) {
      boolean isSame = Objects.equals(condition.get("type"), one.get("type"));
      found |= isSame;
      all.add(isSame ? condition : one);
    }
    if (!found) {
      all.add(condition);
    }
    return object.with(new Json.Arr(all), "status", "conditions");
  }

  /// The status of a container that waits.
  static Json.Obj waiting(String container, String reason, String message) {
    Json.Obj state = Json.Obj.EMPTY.with("reason", reason);
    return container(
        container, "waiting", message.isEmpty() ? state : state.with("message", message));
  }

  static Json.Obj running(String container, String since) {
    return container(container, "running", Json.Obj.of("startedAt", new Json.Str(since)))
        .with("ready", true);
  }

  static Json.Obj terminated(String container, Exit exit, String at) {
    String reason = exit.reason();
    if (reason.isEmpty()) {
      reason = exit.code() == 0 ? "Completed" : "Error";
    }
    Json.Obj state =
        Json.Obj.EMPTY.with("exitCode", exit.code()).with("reason", reason).with("finishedAt", at);
    return container(
        container,
        "terminated",
        exit.message().isEmpty() ? state : state.with("message", exit.message()));
  }

  /// A pod all of whose containers have ended in the same way.
  static KubeObject ended(KubeObject pod, Exit exit, Instant at) {
    List<Json> statuses = new ArrayList<>();
    for (Json.Obj spec : pod.array("spec", "containers").objects()) {
      String name = new KubeObject(spec).text("name");
      statuses.add(terminated(name, exit, at.truncatedTo(ChronoUnit.SECONDS).toString()));
    }
    return pod.with(new Json.Arr(statuses), "status", "containerStatuses");
  }

  private static Json.Obj container(String name, String state, Json.Obj detail) {
    return Json.Obj.EMPTY
        .with("name", name)
        .with("ready", false)
        .with("restartCount", 0)
        .with("state", Json.Obj.of(state, detail));
  }
}
