package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// Makes a restored volume one of another mode, which no volume can change: another object for the
/// same storage takes its place, once no node has it attached.
///
/// What the other object is like is noted on the transfer before the first one goes: in between,
/// nothing else knows of the storage's volume.
final class ModeChange {
  private static final String REPLACEMENT = "replacement";
  private static final String PROVISIONER = "storage.kubernetes.io/csiProvisionerIdentity";
  private static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

  private final ApiCalls calls;
  private final Leftovers leftovers;

  ModeChange(ApiCalls calls, Leftovers leftovers) {
    this.calls = calls;
    this.leftovers = leftovers;
  }

  /// A note with what is to take a volume's place, if its mode is not the target's.
  static Json.Obj noted(Json.Obj note, Transfer transfer, KubeObject volume, KubeObject target) {
    String mode = mode(target);
    return mode.equals(mode(volume))
        ? note
        : note.with(REPLACEMENT, replacement(transfer, volume, target, mode).json());
  }

  private static String mode(KubeObject object) {
    String mode = object.text("spec", "volumeMode");
    return mode.isEmpty() ? "Filesystem" : mode;
  }

  private static KubeObject replacement(
      Transfer transfer, KubeObject volume, KubeObject target, String mode) {
    KubeObject made =
        KubeObject.of(Resource.VOLUMES, "", Names.label(Names.object(transfer.name()) + "-volume"))
            .with(volume.object("spec"), "spec")
            .without("spec", "csi", "volumeAttributes", PROVISIONER)
            .with(mode, "spec", "volumeMode")
            .with("Retain", "spec", "persistentVolumeReclaimPolicy")
            .with(claim(target, target.uid()), "spec", "claimRef");
    String fsType = transfer.object().text("spec", "targetVolume", "fsType");
    if (mode.equals("Filesystem") && !fsType.isEmpty()) {
      made = made.with(fsType, "spec", "csi", "fsType");
    }
    Json.Obj labels = volume.object("metadata", "labels");
    for (var one : target.object("spec", "selector", "matchLabels").fields().entrySet()) {
      labels = labels.with(one.getKey(), one.getValue());
    }
    if (!labels.fields().isEmpty()) {
      made = made.with(labels, "metadata", "labels");
    }
    Json.Obj annotations = volume.object("metadata", "annotations").without(BOUND_BY_CONTROLLER);
    return annotations.fields().isEmpty()
        ? made
        : made.with(annotations, "metadata", "annotations");
  }

  private static Json.Obj claim(KubeObject target, String uid) {
    return Json.Obj.EMPTY
        .with("apiVersion", "v1")
        .with("kind", "PersistentVolumeClaim")
        .with("namespace", target.namespace())
        .with("name", target.name())
        .with("uid", uid);
  }

  /// What takes the volume's place; empty if the volume stays.
  static Optional<KubeObject> replacement(Transfer transfer) {
    Json.Obj noted = transfer.noted(Names.RESTORED_VOLUME).object(REPLACEMENT);
    return noted.fields().isEmpty() ? Optional.empty() : Optional.of(new KubeObject(noted));
  }

  /// Puts the replacement in a volume's place.
  ///
  /// @param old the name of the volume
  /// @return what it waits for; empty when the replacement is there
  Optional<String> advance(Transfer transfer, String old, KubeObject replacement)
      throws KubeException {
    if (calls.find(Resource.VOLUMES, "", replacement.name()).isPresent()) {
      return Optional.empty();
    }
    Optional<KubeObject> volume = calls.find(Resource.VOLUMES, "", old);
    if (volume.isEmpty()) {
      create(replacement);
      return Optional.empty();
    }
    if (!volume.get().text("spec", "persistentVolumeReclaimPolicy").equals("Retain")) {
      calls.patch(Resource.VOLUMES, volume.get(), Leftovers.reclaim("Retain"));
    }
    Optional<String> left = leftovers.removePods(transfer);
    if (left.isEmpty()) {
      left = leftovers.removeClaims(transfer, old);
    }
    if (left.isPresent()) {
      return left.map(one -> one + " to be gone");
    }
    if (isAttached(old)) {
      return Optional.of("volume " + old + " to be detached");
    }
    calls.delete(Resource.VOLUMES, volume.get());
    return Optional.of("volume " + old + " to be gone");
  }

  private boolean isAttached(String volume) throws KubeException {
    return calls.api().list(Resource.VOLUME_ATTACHMENTS, "", ListOptions.ALL).items().stream()
        .anyMatch(one -> one.text("spec", "source", "persistentVolumeName").equals(volume));
  }

  private void create(KubeObject replacement) throws KubeException {
    try {
      KubeObject _ = calls.api().create(Resource.VOLUMES, replacement);
    } catch (KubeException e) {
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /// Gives the storage's volume an object again if it has none, so that it goes with it: one of a
  /// claim that has never been, whose policy is to be deleted.
  ///
  /// @return the name of the object that it has now
  String last(Transfer transfer, String old, KubeObject replacement) throws KubeException {
    boolean isThere = calls.find(Resource.VOLUMES, "", replacement.name()).isPresent();
    if (!isThere && calls.find(Resource.VOLUMES, "", old).isPresent()) {
      return old;
    }
    if (!isThere) {
      create(
          replacement
              .with("Delete", "spec", "persistentVolumeReclaimPolicy")
              .with(transfer.uid(), "spec", "claimRef", "uid"));
    }
    return replacement.name();
  }
}
