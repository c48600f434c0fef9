package dev.longshore.agent.expose;

import dev.longshore.agent.api.Velero;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.Set;

/// How far a restored pod's init container is that waits for its volumes.
enum WaitingContainer {
  /// It has not started yet.
  EXPECTED,
  RUNNING,
  /// It will not run, or has ended.
  IMPOSSIBLE;

  private static final Set<String> NAMES = Set.of(Velero.RESTORE_WAIT, Velero.RESTIC_WAIT);
  private static final Set<String> HOPELESS =
      Set.of("ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName");

  static WaitingContainer of(KubeObject pod) {
    String phase = pod.text("status", "phase");
    boolean has =
        pod.array("spec", "initContainers").objects().stream()
            .anyMatch(one -> NAMES.contains(new KubeObject(one).text("name")));
    if (!has || phase.equals("Failed") || phase.equals("Unknown") || phase.equals("Succeeded")) {
      return IMPOSSIBLE;
    }
    for (Json.Obj one : pod.array("status", "initContainerStatuses").objects()) {
      KubeObject status = new KubeObject(one);
      if (!NAMES.contains(status.text("name"))) {
        continue;
      }
      if (status.at("state", "running") != null) {
        return RUNNING;
      }
      boolean hopeless =
          status.at("state", "terminated") != null
              || HOPELESS.contains(status.text("state", "waiting", "reason"));
      return hopeless ? IMPOSSIBLE : EXPECTED;
    }
    return EXPECTED;
  }
}
