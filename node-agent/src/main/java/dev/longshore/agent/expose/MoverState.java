package dev.longshore.agent.expose;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.mover.task.TaskReport;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/// What a mover's pod shows of its work.
public sealed interface MoverState {
  /// It has not started.
  ///
  /// @param reason why, as far as the pod says
  record Pending(String reason) implements MoverState {}

  /// It will not start, however long one waits.
  record Hopeless(String reason) implements MoverState {}

  /// It runs.
  record Running(String node) implements MoverState {}

  /// It has ended and said how.
  record Reported(String node, TaskReport report) implements MoverState {}

  /// It has ended without a word, or is being taken away.
  record Lost(String reason) implements MoverState {}

  Set<String> HOPELESS =
      Set.of(
          "ImagePullBackOff",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError");

  /// Reads a pod.
  static MoverState of(KubeObject pod) {
    KubeObject container = container(pod);
    String node = pod.text("spec", "nodeName");
    return switch (pod.text("status", "phase")) {
      case "Succeeded", "Failed" -> ended(pod, container, node);
      case "Unknown" -> new Lost("node %s is lost".formatted(node));
      case "Running" -> {
        if (container.at("state", "terminated") != null) {
          yield ended(pod, container, node);
        }
        yield pod.isBeingDeleted()
            ? new Lost("pod %s is being deleted".formatted(pod.name()))
            : new Running(node);
      }
      default -> pending(pod, container);
    };
  }

  private static KubeObject container(KubeObject pod) {
    return new KubeObject(
        pod.array("status", "containerStatuses").objects().stream()
            .findFirst()
            .orElse(Json.Obj.EMPTY));
  }

  private static MoverState pending(KubeObject pod, KubeObject container) {
    if (pod.isBeingDeleted()) {
      return new Lost("pod %s is being deleted".formatted(pod.name()));
    }
    String waiting = container.text("state", "waiting", "reason");
    String message = container.text("state", "waiting", "message");
    String words = message.isEmpty() ? waiting : waiting + ": " + message;
    if (HOPELESS.contains(waiting)) {
      return new Hopeless("pod %s cannot start: %s".formatted(pod.name(), words));
    }
    for (Json.Obj one : pod.array("status", "conditions").objects()) {
      KubeObject condition = new KubeObject(one);
      if (condition.text("type").equals("PodScheduled")
          && condition.text("status").equals("False")) {
        return new Pending(
            "pod %s to be scheduled: %s".formatted(pod.name(), condition.text("message")));
      }
    }
    return new Pending(
        "pod %s to start%s".formatted(pod.name(), words.isEmpty() ? "" : ": " + words));
  }

  private static MoverState ended(KubeObject pod, KubeObject container, String node) {
    String message = container.text("state", "terminated", "message");
    Optional<TaskReport> report = report(message);
    if (report.isPresent()) {
      return new Reported(node, report.get());
    }
    String reason = pod.text("status", "reason");
    String words = pod.text("status", "message");
    if (!reason.isEmpty()) {
      return new Lost(
          "pod %s: %s%s".formatted(pod.name(), reason, words.isEmpty() ? "" : ": " + words));
    }
    String ending = container.text("state", "terminated", "reason");
    long code = container.number("state", "terminated", "exitCode");
    return new Lost(
        "pod %s ended without a report: %s, exit code %d%s"
            .formatted(
                pod.name(),
                ending.isEmpty() ? "no reason given" : ending,
                code,
                message.isBlank() ? "" : ": " + shortened(message)));
  }

  private static Optional<TaskReport> report(String message) {
    if (message.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TaskReport.parse(message));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String shortened(String message) {
    int most = 300;
    String line = message.strip();
    return line.length() <= most ? line : line.substring(line.length() - most);
  }
}
