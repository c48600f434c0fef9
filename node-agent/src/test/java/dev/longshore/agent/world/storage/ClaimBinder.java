package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The PV controller's half that works on claims: it binds them to volumes, by name, by claimRef or
/// because they fit, and says that they are lost when their volume is gone.
public final class ClaimBinder extends StandIn {
  static final String BOUND = "pv.kubernetes.io/bind-completed";
  static final String BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  /// As they were when the turn began; a stale one cannot be written.
  private List<KubeObject> volumes = List.of();

  public ClaimBinder(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    volumes = list(Resource.VOLUMES, "");
    each(Resource.CLAIMS, this::sync);
  }

  private void sync(KubeObject claim) throws KubeException {
    if (claim.annotation(BOUND).isEmpty()) {
      if (!claim.isBeingDeleted()) {
        bindUnbound(claim);
      }
      return;
    }
    Optional<KubeObject> volume = find(Resource.VOLUMES, "", claim.text("spec", "volumeName"));
    boolean isMine =
        volume.isPresent()
            && (volume.get().text("spec", "claimRef", "uid").equals(claim.uid())
                || isFor(volume.get(), claim));
    if (!isMine) {
      phase(claim, "Lost");
    } else if (!claim.text("status", "phase").equals("Bound")) {
      bind(volume.get(), claim);
    }
  }

  private void bindUnbound(KubeObject claim) throws KubeException {
    String name = claim.text("spec", "volumeName");
    Optional<KubeObject> volume =
        name.isEmpty() ? fitting(claim) : find(Resource.VOLUMES, "", name);
    boolean fits =
        volume.isPresent()
            && !volume.get().isBeingDeleted()
            && (isFor(volume.get(), claim)
                || (isFree(volume.get()) && Fit.satisfies(volume.get(), claim)));
    if (!fits) {
      phase(claim, "Pending");
    } else if (isDone(Delays.Of.BIND_CLAIM, claim)) {
      bind(volume.get(), claim);
    } else {
      phase(claim, "Pending");
    }
  }

  /// A volume that says it is for the claim, or else the smallest that is free and good enough.
  private Optional<KubeObject> fitting(KubeObject claim) throws KubeException {
    Optional<KubeObject> meant = volumes.stream().filter(one -> isFor(one, claim)).findFirst();
    if (meant.isPresent() || waitsForConsumer(claim)) {
      return meant;
    }
    return volumes.stream()
        .filter(one -> isFree(one) && !one.isBeingDeleted() && Fit.satisfies(one, claim))
        .min(Comparator.comparingLong(Fit::sizeOf));
  }

  private boolean waitsForConsumer(KubeObject claim) throws KubeException {
    return find(Resource.STORAGE_CLASSES, "", claim.text("spec", "storageClassName"))
            .filter(Fit::waitsForConsumer)
            .isPresent()
        && claim.annotation(Provisioner.SELECTED_NODE).isEmpty();
  }

  private static boolean isFree(KubeObject volume) {
    return volume.at("spec", "claimRef") == null;
  }

  private static boolean isFor(KubeObject volume, KubeObject claim) {
    String uid = volume.text("spec", "claimRef", "uid");
    return volume.text("spec", "claimRef", "namespace").equals(claim.namespace())
        && volume.text("spec", "claimRef", "name").equals(claim.name())
        && (uid.isEmpty() || uid.equals(claim.uid()));
  }

  private void bind(KubeObject volume, KubeObject claim) throws KubeException {
    KubeObject bound = volume;
    if (!volume.text("spec", "claimRef", "uid").equals(claim.uid())) {
      KubeObject written = volume.with(reference(claim), "spec", "claimRef");
      if (isFree(volume)) {
        written = written.withAnnotation(BY_CONTROLLER, "yes");
      }
      bound = api.replace(Resource.VOLUMES, written);
    }
    if (!bound.text("status", "phase").equals("Bound")) {
      bound = api.replaceStatus(Resource.VOLUMES, bound.with("Bound", "status", "phase"));
    }
    KubeObject wanted = claim.withAnnotation(BOUND, "yes");
    if (claim.text("spec", "volumeName").isEmpty()) {
      wanted = wanted.with(bound.name(), "spec", "volumeName").withAnnotation(BY_CONTROLLER, "yes");
    }
    KubeObject written = wanted.equals(claim) ? claim : api.replace(Resource.CLAIMS, wanted);
    KubeObject status =
        written
            .with("Bound", "status", "phase")
            .with(bound.array("spec", "accessModes"), "status", "accessModes")
            .with(bound.object("spec", "capacity"), "status", "capacity");
    if (!status.equals(written)) {
      api.replaceStatus(Resource.CLAIMS, status);
    }
  }

  private void phase(KubeObject claim, String phase) throws KubeException {
    if (claim.text("status", "phase").equals(phase)) {
      return;
    }
    KubeObject written = claim.with(phase, "status", "phase");
    if (phase.equals("Lost")) {
      event(claim, "Warning", "ClaimLost", "Bound claim has lost its PersistentVolume.");
      written = written.with(Json.Obj.EMPTY, "status", "capacity");
    }
    api.replaceStatus(Resource.CLAIMS, written);
  }
}
