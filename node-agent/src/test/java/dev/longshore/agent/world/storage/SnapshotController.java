package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// The snapshot controller: makes a content for a VolumeSnapshot of a claim, binds one that exists,
/// copies the content's state, and deletes the content with the snapshot if its policy says so.
public final class SnapshotController extends StandIn {
  static final String AS_SOURCE =
      "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection";
  static final String BOUND = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
  static final String CONTENT_BOUND =
      "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";

  /// On a content: its VolumeSnapshot is going.
  static final String BEING_DELETED = "snapshot.storage.kubernetes.io/volumesnapshot-being-deleted";

  public SnapshotController(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.VOLUME_SNAPSHOTS, this::sync);
  }

  private void sync(KubeObject snapshot) throws KubeException {
    if (snapshot.isBeingDeleted()) {
      remove(snapshot);
      return;
    }
    KubeObject current = finalizer(Resource.VOLUME_SNAPSHOTS, snapshot, AS_SOURCE, true);
    String bound = current.text("status", "boundVolumeSnapshotContentName");
    if (!bound.isEmpty()) {
      current = finalizer(Resource.VOLUME_SNAPSHOTS, current, BOUND, true);
      follow(current, find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", bound));
    } else if (isDone(Delays.Of.BIND_SNAPSHOT, current)) {
      String given = current.text("spec", "source", "volumeSnapshotContentName");
      if (given.isEmpty()) {
        makeContent(current);
      } else {
        bindGiven(current, given);
      }
    }
  }

  private void makeContent(KubeObject snapshot) throws KubeException {
    Optional<KubeObject> claim =
        find(
            Resource.CLAIMS,
            snapshot.namespace(),
            snapshot.text("spec", "source", "persistentVolumeClaimName"));
    Optional<KubeObject> volume =
        claim.isEmpty()
            ? Optional.empty()
            : find(Resource.VOLUMES, "", claim.get().text("spec", "volumeName"));
    Optional<KubeObject> snapshotClass =
        find(
            Resource.VOLUME_SNAPSHOT_CLASSES, "", snapshot.text("spec", "volumeSnapshotClassName"));
    if (volume.isEmpty() || !claim.get().text("status", "phase").equals("Bound")) {
      fail(snapshot, "the PVC of the snapshot is not bound");
      return;
    }
    if (snapshotClass.isEmpty()) {
      fail(snapshot, "failed to get the snapshot class");
      return;
    }
    KubeObject content =
        KubeObject.of(Resource.VOLUME_SNAPSHOT_CONTENTS, "", "snapcontent-" + snapshot.uid())
            .withFinalizer(CONTENT_BOUND)
            .with(snapshotClass.get().text("deletionPolicy"), "spec", "deletionPolicy")
            .with(snapshotClass.get().text("driver"), "spec", "driver")
            .with(snapshotClass.get().name(), "spec", "volumeSnapshotClassName")
            .with(reference(snapshot), "spec", "volumeSnapshotRef")
            .with(Fit.isBlock(volume.get()) ? "Block" : "Filesystem", "spec", "sourceVolumeMode")
            .with(
                volume.get().text("spec", "csi", "volumeHandle"), "spec", "source", "volumeHandle");
    ensure(Resource.VOLUME_SNAPSHOT_CONTENTS, content);
    bind(snapshot, content.name());
  }

  private void bindGiven(KubeObject snapshot, String name) throws KubeException {
    Optional<KubeObject> found = find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", name);
    if (found.isEmpty()) {
      fail(snapshot, "VolumeSnapshotContent is missing");
      return;
    }
    KubeObject content = found.get();
    String uid = content.text("spec", "volumeSnapshotRef", "uid");
    boolean isMeant =
        content.text("spec", "volumeSnapshotRef", "namespace").equals(snapshot.namespace())
            && content.text("spec", "volumeSnapshotRef", "name").equals(snapshot.name());
    if (!isMeant || !(uid.isEmpty() || uid.equals(snapshot.uid()))) {
      fail(snapshot, "VolumeSnapshotContent " + name + " is bound to another VolumeSnapshot");
      return;
    }
    if (content.isBeingDeleted()) {
      return;
    }
    if (uid.isEmpty()) {
      content =
          api.replace(
              Resource.VOLUME_SNAPSHOT_CONTENTS,
              content.with(snapshot.uid(), "spec", "volumeSnapshotRef", "uid"));
    }
    KubeObject _ = finalizer(Resource.VOLUME_SNAPSHOT_CONTENTS, content, CONTENT_BOUND, true);
    bind(snapshot, name);
  }

  private void bind(KubeObject snapshot, String content) throws KubeException {
    api.replaceStatus(
        Resource.VOLUME_SNAPSHOTS,
        snapshot
            .without("status", "error")
            .with(content, "status", "boundVolumeSnapshotContentName")
            .with(false, "status", "readyToUse"));
  }

  private void follow(KubeObject snapshot, Optional<KubeObject> content) throws KubeException {
    if (content.isEmpty()) {
      fail(snapshot, "VolumeSnapshotContent is missing");
      return;
    }
    KubeObject wanted =
        snapshot.with(content.get().flag("status", "readyToUse"), "status", "readyToUse");
    Json error = content.get().at("status", "error");
    wanted =
        error == null ? wanted.without("status", "error") : wanted.with(error, "status", "error");
    if (content.get().number("status", "restoreSize") > 0) {
      wanted =
          wanted
              .with(
                  Long.toString(content.get().number("status", "restoreSize")),
                  "status",
                  "restoreSize")
              .with(content.get().created().orElseThrow(), "status", "creationTime");
    }
    if (!wanted.equals(snapshot)) {
      api.replaceStatus(Resource.VOLUME_SNAPSHOTS, wanted);
    }
  }

  private void fail(KubeObject snapshot, String message) throws KubeException {
    if (snapshot.text("status", "error", "message").equals(message)) {
      retry(Delays.Of.BIND_SNAPSHOT, snapshot);
      return;
    }
    event(snapshot, "Warning", "SnapshotContentMissing", message);
    api.replaceStatus(
        Resource.VOLUME_SNAPSHOTS,
        snapshot
            .with(false, "status", "readyToUse")
            .with(clock.instant(), "status", "error", "time")
            .with(message, "status", "error", "message"));
  }

  private void remove(KubeObject snapshot) throws KubeException {
    if (isSource(snapshot) || !isDone(Delays.Of.PROTECTION, snapshot)) {
      return;
    }
    Optional<KubeObject> content =
        find(
                Resource.VOLUME_SNAPSHOT_CONTENTS,
                "",
                snapshot.text("status", "boundVolumeSnapshotContentName"))
            .filter(one -> one.text("spec", "volumeSnapshotRef", "uid").equals(snapshot.uid()));
    if (content.isPresent()) {
      KubeObject current = content.get();
      if (current.annotation(BEING_DELETED).isEmpty()) {
        current =
            api.replace(
                Resource.VOLUME_SNAPSHOT_CONTENTS, current.withAnnotation(BEING_DELETED, "yes"));
      }
      if (current.text("spec", "deletionPolicy").equals("Delete")) {
        delete(Resource.VOLUME_SNAPSHOT_CONTENTS, current);
        if (find(Resource.VOLUME_SNAPSHOT_CONTENTS, "", current.name()).isPresent()) {
          return;
        }
      }
    }
    KubeObject free = snapshot.withoutFinalizer(AS_SOURCE).withoutFinalizer(BOUND);
    if (!free.finalizers().equals(snapshot.finalizers())) {
      api.replace(Resource.VOLUME_SNAPSHOTS, free);
    }
  }

  /// Whether a claim is being made from it.
  private boolean isSource(KubeObject snapshot) throws KubeException {
    return list(Resource.CLAIMS, snapshot.namespace()).stream()
        .anyMatch(claim ->
            claim.text("spec", "dataSource", "kind").equals("VolumeSnapshot")
                && claim.text("spec", "dataSource", "name").equals(snapshot.name())
                && claim.text("status", "phase").equals("Pending"));
  }
}
