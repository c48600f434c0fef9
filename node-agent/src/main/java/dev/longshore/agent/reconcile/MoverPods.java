package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// The pods of movers, found and removed.
final class MoverPods {
  /// How long a pod may take to go before it is taken out of the API by force.
  private static final Duration GOING = Duration.ofSeconds(60);

  private final KubeApi api;
  private final InstantSource clock;

  MoverPods(KubeApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
  }

  /// The pod of a transfer's current attempt.
  Optional<KubeObject> current(Transfer transfer) throws KubeException {
    String name = Names.pod(transfer.name(), transfer.attempt());
    return api.lookUp(Resource.PODS, transfer.namespace(), name)
        .filter(pod -> pod.label(Names.OWNER_UID_LABEL).equals(transfer.uid()));
  }

  /// Asks for a pod to go; what a lost node does not answer for is taken out of the API.
  void remove(KubeObject pod) throws KubeException {
    Optional<Instant> going = pod.time("metadata", "deletionTimestamp");
    boolean stuck = going.isPresent() && clock.instant().isAfter(going.get().plus(GOING));
    if (going.isPresent() && !stuck) {
      return;
    }
    try {
      api.delete(
          Resource.PODS, pod.namespace(), pod.name(), new DeleteOptions(pod.uid(), stuck ? 0 : -1));
    } catch (KubeException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }
}
