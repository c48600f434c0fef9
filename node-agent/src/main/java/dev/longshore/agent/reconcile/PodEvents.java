package dev.longshore.agent.reconcile;

import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the cluster says about a pod that does not start.
final class PodEvents {
  private static final String RELABEL = "relabel failed";
  private static final String FULL = "no space left on device";

  private final KubeApi api;

  PodEvents(KubeApi api) {
    this.api = api;
  }

  /// The warnings about a pod, the newest last.
  List<String> warnings(KubeObject pod) throws KubeException {
    return api
        .list(
            Resource.EVENTS,
            pod.namespace(),
            ListOptions.withFields("involvedObject.uid=" + pod.uid()))
        .items()
        .stream()
        .filter(event -> event.text("type").equals("Warning"))
        .sorted(Comparator.comparing(event -> event.text("lastTimestamp")))
        .map(event -> event.text("reason") + ": " + event.text("message"))
        .toList();
  }

  /// What to do about a warning that waiting does not mend.
  static Optional<String> hopeless(String warning) {
    return warning.contains(RELABEL) && warning.contains(FULL)
        ? Optional.of(
            ("the volume is full, so that the kubelet cannot relabel it for SELinux (%s); back it"
                 + " up with readOnly and spcNoRelabeling of backupPVC, with a storage class that"
                 + " mounts with a label, or free some space")
                .formatted(warning))
        : Optional.empty();
  }
}
