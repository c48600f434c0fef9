package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// Moves a storage snapshot from the application's namespace into Velero's, where a volume can be
/// made from it: a second pair of snapshot and content takes the handle over, and the first pair
/// goes.
///
/// The first content keeps the storage's snapshot (`Retain`) while the handle has two contents; the
/// second lets it go with itself (`Delete`). At every moment one of them answers for it.
final class SnapshotMove {
  private static final String VELERO_SNAPSHOT_PREFIX = "snapshot.storage.kubernetes.io/";
  private static final String MANAGED_BY = VELERO_SNAPSHOT_PREFIX + "managed-by";
  private static final String MODE_CHANGE = VELERO_SNAPSHOT_PREFIX + "allow-volume-mode-change";

  private final ApiCalls calls;

  SnapshotMove(ApiCalls calls) {
    this.calls = calls;
  }

  /// Takes the steps that can be taken.
  ///
  /// @return what it waits for; empty when the second pair alone is left
  Optional<String> advance(Transfer transfer) throws KubeException, ExposeException {
    SnapshotOrigin origin = SnapshotOrigin.of(transfer);
    String name = Names.object(transfer.name());
    Optional<KubeObject> ours = calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", name);
    if (ours.isEmpty()) {
      retainOriginal(origin);
      calls.ensure(
          Resource.VOLUME_SNAPSHOT_CONTENTS, content(transfer, origin), Names.OWNER_UID_LABEL);
    } else if (!ours.get().label(Names.OWNER_UID_LABEL).equals(transfer.uid())) {
      throw new ExposeException(
          "snapshot content %s is there already and belongs to something else".formatted(name));
    }
    calls.ensure(Resource.VOLUME_SNAPSHOTS, snapshot(transfer, origin), Names.OWNER_UID_LABEL);
    return removeOriginal(transfer, origin);
  }

  private void retainOriginal(SnapshotOrigin origin) throws KubeException, ExposeException {
    Optional<KubeObject> original =
        calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", origin.content());
    if (original.isEmpty()) {
      throw new ExposeException(
          "snapshot content %s is gone before its snapshot could be taken over"
              .formatted(origin.content()));
    }
    if (!original.get().text("spec", "deletionPolicy").equals("Retain")) {
      calls.patch(Resource.VOLUME_SNAPSHOT_CONTENTS, original.get(), policy("Retain"));
    }
  }

  private static Json.Obj policy(String policy) {
    return Json.Obj.of("spec", Json.Obj.EMPTY.with("deletionPolicy", policy));
  }

  private static KubeObject content(Transfer transfer, SnapshotOrigin origin) {
    String name = Names.object(transfer.name());
    KubeObject content =
        KubeObject.of(Resource.VOLUME_SNAPSHOT_CONTENTS, "", name)
            .withLabel(Names.OWNER_UID_LABEL, transfer.uid())
            .withAnnotation(MODE_CHANGE, "true")
            .with("Delete", "spec", "deletionPolicy")
            .with(origin.driver(), "spec", "driver")
            .with(origin.handle(), "spec", "source", "snapshotHandle")
            .with("VolumeSnapshot", "spec", "volumeSnapshotRef", "kind")
            .with("snapshot.storage.k8s.io/v1", "spec", "volumeSnapshotRef", "apiVersion")
            .with(name, "spec", "volumeSnapshotRef", "name")
            .with(transfer.namespace(), "spec", "volumeSnapshotRef", "namespace");
    if (!origin.snapshotClass().isEmpty()) {
      content = content.with(origin.snapshotClass(), "spec", "volumeSnapshotClassName");
    }
    return origin.managedBy().isEmpty()
        ? content
        : content.withLabel(MANAGED_BY, origin.managedBy());
  }

  /// Nobody owns it: it goes after the volume that is made from it, not before.
  private static KubeObject snapshot(Transfer transfer, SnapshotOrigin origin) {
    String name = Names.object(transfer.name());
    KubeObject snapshot =
        KubeObject.of(Resource.VOLUME_SNAPSHOTS, transfer.namespace(), name)
            .withLabel(Names.OWNER_UID_LABEL, transfer.uid())
            .with(name, "spec", "source", "volumeSnapshotContentName");
    return origin.snapshotClass().isEmpty()
        ? snapshot
        : snapshot.with(origin.snapshotClass(), "spec", "volumeSnapshotClassName");
  }

  private Optional<String> removeOriginal(Transfer transfer, SnapshotOrigin origin)
      throws KubeException {
    String namespace = transfer.object().text("spec", "sourceNamespace");
    String name = transfer.object().text("spec", "csiSnapshot", "volumeSnapshot");
    Optional<KubeObject> snapshot = calls.find(Resource.VOLUME_SNAPSHOTS, namespace, name);
    if (snapshot.isPresent() && snapshot.get().uid().equals(origin.snapshotUid())) {
      calls.delete(Resource.VOLUME_SNAPSHOTS, snapshot.get());
      return Optional.of("volume snapshot %s/%s to be gone".formatted(namespace, name));
    }
    Optional<KubeObject> content =
        calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", origin.content());
    // Without Retain it would take the storage's snapshot along.
    if (content.isPresent() && isRetained(content.get(), origin)) {
      calls.delete(Resource.VOLUME_SNAPSHOT_CONTENTS, content.get());
    }
    return Optional.empty();
  }

  private static boolean isRetained(KubeObject content, SnapshotOrigin origin) {
    return content.text("spec", "deletionPolicy").equals("Retain")
        && content.text("status", "snapshotHandle").equals(origin.handle());
  }

  /// Removes the pair in the application's namespace, which the transfer was given to use up; the
  /// storage's snapshot goes with it unless the second pair has it.
  ///
  /// @return what is still there
  Optional<String> discardOriginal(Transfer transfer, boolean takenOver) throws KubeException {
    if (takenOver) {
      return removeOriginal(transfer, SnapshotOrigin.of(transfer));
    }
    String namespace = transfer.object().text("spec", "sourceNamespace");
    String name = transfer.object().text("spec", "csiSnapshot", "volumeSnapshot");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<KubeObject> snapshot = calls.find(Resource.VOLUME_SNAPSHOTS, namespace, name);
    SnapshotOrigin origin = SnapshotOrigin.of(transfer);
    String contentName =
        snapshot
            .map(found -> found.text("status", "boundVolumeSnapshotContentName"))
            .filter(found -> !found.isEmpty())
            .orElse(origin.content());
    Optional<KubeObject> content =
        contentName.isEmpty()
            ? Optional.empty()
            : calls.find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", contentName);
    if (content.isPresent() && !content.get().text("spec", "deletionPolicy").equals("Delete")) {
      calls.patch(Resource.VOLUME_SNAPSHOT_CONTENTS, content.get(), policy("Delete"));
    }
    if (snapshot.isPresent()) {
      calls.delete(Resource.VOLUME_SNAPSHOTS, snapshot.get());
      return Optional.of("volume snapshot %s/%s".formatted(namespace, name));
    }
    if (content.isPresent()) {
      calls.delete(Resource.VOLUME_SNAPSHOT_CONTENTS, content.get());
      return Optional.of("snapshot content " + contentName);
    }
    return Optional.empty();
  }
}
