package dev.longshore.agent.world.storage;

import dev.longshore.agent.world.Delays;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.agent.world.Troubles;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// A CSI driver's snapshotter: makes, finds and deletes the storage's snapshots for contents.
public final class Snapshotter extends StandIn {
  /// How the storage deals with a snapshot from which disks were made.
  public enum Clones {
    /// They do not need it.
    INDEPENDENT,
    /// It cannot be deleted before them.
    HOLD_SNAPSHOT
  }

  private final Disks disks;
  private final Clones clones;

  public Snapshotter(Site site, Disks disks, Clones clones) {
    super(site);
    this.disks = disks;
    this.clones = clones;
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.VOLUME_SNAPSHOT_CONTENTS, this::sync);
  }

  private void sync(KubeObject content) throws KubeException {
    if (content.isBeingDeleted()) {
      if (mayGo(content)) {
        remove(content);
      }
      return;
    }
    if (!content.annotation(SnapshotController.BEING_DELETED).isEmpty()) {
      return;
    }
    if (content.text("status", "snapshotHandle").isEmpty()) {
      String given = content.text("spec", "source", "snapshotHandle");
      if (given.isEmpty()) {
        take(content);
      } else {
        adopt(content, given);
      }
    } else if (!content.flag("status", "readyToUse")) {
      makeReady(content);
    }
  }

  private void take(KubeObject content) throws KubeException {
    if (!isDone(Delays.Of.SNAPSHOT_HANDLE, content)) {
      return;
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.SNAPSHOT, content);
    String disk = content.text("spec", "source", "volumeHandle");
    if (trouble.isEmpty() && !disks.disks().containsKey(disk)) {
      trouble = Optional.of("rpc error: code = NotFound desc = no volume " + disk);
    }
    if (trouble.isPresent()) {
      fail(content, trouble.get());
      retry(Delays.Of.SNAPSHOT_HANDLE, content);
      return;
    }
    KubeObject current =
        finalizer(
            Resource.VOLUME_SNAPSHOT_CONTENTS, content, SnapshotController.CONTENT_BOUND, true);
    Disks.Disk snapshot = disks.snapshot(disk, content.name());
    try {
      api.replaceStatus(
          Resource.VOLUME_SNAPSHOT_CONTENTS,
          current
              .without("status", "error")
              .with(snapshot.handle(), "status", "snapshotHandle")
              .with(snapshot.sizeBytes(), "status", "restoreSize")
              .with(false, "status", "readyToUse"));
    } catch (KubeException e) {
      disks.deleteSnapshot(snapshot.handle()); // a real driver finds it again by its name
      throw e;
    }
  }

  private void adopt(KubeObject content, String handle) throws KubeException {
    if (!isDone(Delays.Of.BIND_SNAPSHOT, content)) {
      return;
    }
    Disks.Disk snapshot = disks.snapshots().get(handle);
    if (snapshot == null) {
      fail(content, "rpc error: code = NotFound desc = no snapshot " + handle);
      retry(Delays.Of.BIND_SNAPSHOT, content);
      return;
    }
    KubeObject current =
        finalizer(
            Resource.VOLUME_SNAPSHOT_CONTENTS, content, SnapshotController.CONTENT_BOUND, true);
    api.replaceStatus(
        Resource.VOLUME_SNAPSHOT_CONTENTS,
        current
            .without("status", "error")
            .with(handle, "status", "snapshotHandle")
            .with(snapshot.sizeBytes(), "status", "restoreSize")
            .with(true, "status", "readyToUse"));
  }

  private void makeReady(KubeObject content) throws KubeException {
    if (!isDone(Delays.Of.SNAPSHOT_READY, content)) {
      return;
    }
    Optional<String> trouble = troubles.strike(Troubles.Kind.SNAPSHOT_READY, content);
    if (trouble.isPresent()) {
      fail(content, trouble.get());
      retry(Delays.Of.SNAPSHOT_READY, content);
      return;
    }
    api.replaceStatus(
        Resource.VOLUME_SNAPSHOT_CONTENTS,
        content.without("status", "error").with(true, "status", "readyToUse"));
  }

  /// Whether nothing needs it: its VolumeSnapshot is going or gone, or was never bound to it.
  private boolean mayGo(KubeObject content) throws KubeException {
    String uid = content.text("spec", "volumeSnapshotRef", "uid");
    if (uid.isEmpty() || !content.annotation(SnapshotController.BEING_DELETED).isEmpty()) {
      return true;
    }
    return find(
            Resource.VOLUME_SNAPSHOTS,
            content.text("spec", "volumeSnapshotRef", "namespace"),
            content.text("spec", "volumeSnapshotRef", "name"))
        .filter(snapshot -> snapshot.uid().equals(uid))
        .isEmpty();
  }

  private void remove(KubeObject content) throws KubeException {
    if (!isDone(Delays.Of.DELETE_SNAPSHOT, content)) {
      return;
    }
    if (content.text("spec", "deletionPolicy").equals("Delete")) {
      String handle = content.text("status", "snapshotHandle");
      if (handle.isEmpty()) {
        handle = content.text("spec", "source", "snapshotHandle");
      }
      Optional<String> trouble = troubles.strike(Troubles.Kind.DELETE_SNAPSHOT, content);
      if (trouble.isEmpty() && clones == Clones.HOLD_SNAPSHOT && disks.hasClones(handle)) {
        trouble = Optional.of("rpc error: code = FailedPrecondition desc = snapshot is busy");
      }
      if (trouble.isPresent()) {
        fail(content, trouble.get());
        retry(Delays.Of.DELETE_SNAPSHOT, content);
        return;
      }
      disks.deleteSnapshot(handle);
    }
    KubeObject _ =
        finalizer(
            Resource.VOLUME_SNAPSHOT_CONTENTS, content, SnapshotController.CONTENT_BOUND, false);
  }

  private void fail(KubeObject content, String message) throws KubeException {
    if (content.text("status", "error", "message").equals(message)) {
      return;
    }
    api.replaceStatus(
        Resource.VOLUME_SNAPSHOT_CONTENTS,
        content
            .with(false, "status", "readyToUse")
            .with(clock.instant(), "status", "error", "time")
            .with(message, "status", "error", "message"));
  }
}
