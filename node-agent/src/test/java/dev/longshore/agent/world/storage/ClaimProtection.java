package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Set;

/// Keeps claims that pods use from being deleted. Pods that have no node yet, or have ended, do not
/// count.
public final class ClaimProtection extends StandIn {
  static final String FINALIZER = "kubernetes.io/pvc-protection";

  public ClaimProtection(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.CLAIMS, this::sync);
  }

  private void sync(KubeObject claim) throws KubeException {
    if (!claim.isBeingDeleted()) {
      KubeObject _ = finalizer(Resource.CLAIMS, claim, FINALIZER, true);
    } else if (claim.finalizers().contains(FINALIZER)
        && !isUsed(claim)
        && isDone(Delays.Of.PROTECTION, claim)) {
      KubeObject _ = finalizer(Resource.CLAIMS, claim, FINALIZER, false);
    }
  }

  private boolean isUsed(KubeObject claim) throws KubeException {
    for (KubeObject pod : list(Resource.PODS, claim.namespace())) {
      if (!pod.text("spec", "nodeName").isEmpty()
          && !Set.of("Succeeded", "Failed").contains(pod.text("status", "phase"))
          && uses(pod, claim.name())) {
        return true;
      }
    }
    return false;
  }

  /// Whether a pod has a claim among its volumes.
  static boolean uses(KubeObject pod, String claim) {
    return pod.array("spec", "volumes").objects().stream()
        .anyMatch(volume -> claimOf(volume).equals(claim));
  }

  /// The claim of one of a pod's volumes; empty if it is of another kind.
  public static String claimOf(Json.Obj volume) {
    return new KubeObject(volume).text("persistentVolumeClaim", "claimName");
  }
}
