package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// Hands the volume that a restore has filled over to the claim that waits for it.
///
/// The volume is noted on the transfer first. It is then kept (`Retain`), its pod and claim go, the
/// waiting claim names it, it names the claim, and when both are bound it gets its policy back.
/// Each step is found from the objects, so that any of them may be repeated.
final class Handover {
  private static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
  private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  private final ApiCalls calls;
  private final Leftovers leftovers;
  private final ModeChange modes;

  Handover(ApiCalls calls, Leftovers leftovers) {
    this.calls = calls;
    this.leftovers = leftovers;
    this.modes = new ModeChange(calls, leftovers);
  }

  static boolean hasBegun(Transfer transfer) {
    return !volume(transfer).isEmpty();
  }

  private static String volume(Transfer transfer) {
    return transfer.noted(Names.RESTORED_VOLUME).text("name");
  }

  /// @return what it waits for; empty when the target has its volume
  Optional<String> advance(Transfer transfer) throws KubeException, ExposeException {
    if (!hasBegun(transfer)) {
      return begin(transfer);
    }
    Optional<KubeObject> replacement = ModeChange.replacement(transfer);
    if (replacement.isPresent()) {
      Optional<String> awaited = modes.advance(transfer, volume(transfer), replacement.get());
      if (awaited.isPresent()) {
        return awaited;
      }
    }
    String volumeName = replacement.map(KubeObject::name).orElse(volume(transfer));
    KubeObject volume =
        calls
            .find(Resource.VOLUMES, "", volumeName)
            .orElseThrow(() -> new ExposeException("volume " + volumeName + " is gone"));
    KubeObject target = target(transfer);
    if (isBoundTo(volume, target)) {
      return restorePolicy(transfer, volume);
    }
    if (!volume.text("spec", "persistentVolumeReclaimPolicy").equals("Retain")) {
      calls.patch(Resource.VOLUMES, volume, Leftovers.reclaim("Retain"));
    }
    Optional<String> left = leftovers.removePods(transfer);
    if (left.isEmpty()) {
      left = leftovers.removeClaims(transfer, volume.name());
    }
    if (left.isPresent()) {
      return left.map(one -> one + " to be gone");
    }
    return bind(volume, target);
  }

  private KubeObject target(Transfer transfer) throws KubeException, ExposeException {
    String namespace = transfer.object().text("spec", "targetVolume", "namespace");
    String name = transfer.object().text("spec", "targetVolume", "pvc");
    return calls
        .find(Resource.CLAIMS, namespace, name)
        .orElseThrow(() -> new ExposeException("claim %s/%s is gone".formatted(namespace, name)));
  }

  private Optional<String> begin(Transfer transfer) throws KubeException, ExposeException {
    KubeObject claim =
        calls
            .find(Resource.CLAIMS, transfer.namespace(), Names.object(transfer.name()))
            .orElseThrow(() -> new ExposeException("the restored volume's claim is gone"));
    String volumeName = claim.text("spec", "volumeName");
    if (volumeName.isEmpty()) {
      return Optional.of("the restored volume's claim to be bound");
    }
    Optional<KubeObject> volume = calls.find(Resource.VOLUMES, "", volumeName);
    if (volume.isEmpty()) {
      throw new ExposeException("volume " + volumeName + " is gone");
    }
    KubeObject target = target(transfer);
    Json.Obj plain =
        Json.Obj.EMPTY
            .with("name", volumeName)
            .with("reclaimPolicy", volume.get().text("spec", "persistentVolumeReclaimPolicy"));
    String note = JsonCodec.write(ModeChange.noted(plain, transfer, volume.get(), target));
    calls
        .api()
        .patch(
            transfer.kind().resource(),
            transfer.namespace(),
            transfer.name(),
            Json.Obj.of(
                "metadata",
                Json.Obj.EMPTY
                    .with("resourceVersion", transfer.object().resourceVersion())
                    .with("annotations", Json.Obj.EMPTY.with(Names.RESTORED_VOLUME, note))));
    return Optional.of("the volume to be handed over");
  }

  private static boolean isBoundTo(KubeObject volume, KubeObject target) {
    return volume.text("status", "phase").equals("Bound")
        && volume.text("spec", "claimRef", "uid").equals(target.uid());
  }

  private Optional<String> bind(KubeObject volume, KubeObject target) throws KubeException {
    String namespace = target.namespace();
    if (!target.text("spec", "volumeName").equals(volume.name())) {
      calls.patch(
          Resource.CLAIMS,
          target,
          Json.Obj.of("spec", Json.Obj.EMPTY.with("volumeName", volume.name()))
              .with("metadata", withoutAnnotations(BIND_COMPLETED, BOUND_BY_CONTROLLER)));
    }
    boolean reserved =
        volume.text("spec", "claimRef", "name").equals(target.name())
            && volume.text("spec", "claimRef", "namespace").equals(namespace);
    if (!reserved) {
      calls.patch(Resource.VOLUMES, volume, reservation(target));
    }
    return Optional.of(
        "volume %s to be bound to claim %s/%s".formatted(volume.name(), namespace, target.name()));
  }

  private static Json.Obj reservation(KubeObject target) {
    Json.Obj claim =
        Json.Obj.EMPTY
            .with("kind", "PersistentVolumeClaim")
            .with("namespace", target.namespace())
            .with("name", target.name())
            .with("uid", Json.Null.NULL)
            .with("resourceVersion", Json.Null.NULL)
            .with("apiVersion", Json.Null.NULL);
    return Json.Obj.of("spec", Json.Obj.of("claimRef", claim))
        .with(
            "metadata",
            withoutAnnotations(BOUND_BY_CONTROLLER)
                // The claim selects its volume by these; Velero set them to keep provisioners away.
                .with("labels", target.object("spec", "selector", "matchLabels")));
  }

  private static Json.Obj withoutAnnotations(String... keys) {
    Json.Obj none = Json.Obj.EMPTY;
    for (String key : keys) {
      none = none.with(key, Json.Null.NULL);
    }
    return Json.Obj.of("annotations", none);
  }

  private Optional<String> restorePolicy(Transfer transfer, KubeObject volume)
      throws KubeException {
    String policy = transfer.noted(Names.RESTORED_VOLUME).text("reclaimPolicy");
    if (!policy.isEmpty() && !volume.text("spec", "persistentVolumeReclaimPolicy").equals(policy)) {
      calls.patch(Resource.VOLUMES, volume, Leftovers.reclaim(policy));
    }
    return Optional.empty();
  }

  /// Lets a volume go whose handing over was begun and cannot be ended.
  void abandon(Transfer transfer) throws KubeException {
    String name = volume(transfer);
    Optional<KubeObject> replacement = ModeChange.replacement(transfer);
    if (replacement.isPresent()) {
      name =
          transfer.phase() == Phase.COMPLETED
              ? replacement.get().name()
              : modes.last(transfer, name, replacement.get());
    }
    Optional<KubeObject> volume =
        name.isEmpty() ? Optional.empty() : calls.find(Resource.VOLUMES, "", name);
    if (volume.isEmpty()) {
      return;
    }
    Optional<KubeObject> target =
        calls.find(
            Resource.CLAIMS,
            transfer.object().text("spec", "targetVolume", "namespace"),
            transfer.object().text("spec", "targetVolume", "pvc"));
    boolean wanted = target.isPresent() && isBoundTo(volume.get(), target.get());
    if (!wanted && !volume.get().text("spec", "persistentVolumeReclaimPolicy").equals("Delete")) {
      calls.patch(Resource.VOLUMES, volume.get(), Leftovers.reclaim("Delete"));
    }
  }
}
