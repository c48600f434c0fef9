package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;

/// What an upload must know of its snapshot and its source before it changes anything: written to
/// the transfer first, so that a controller that comes later needs neither.
///
/// @param snapshotUid of the volume snapshot in the application's namespace
/// @param content the name of its content
/// @param handle the storage's own name of the snapshot
/// @param managedBy the node that manages the snapshot, where drivers are per node; may be empty
/// @param bytes the size that a volume made from it needs
/// @param volumeId the storage's own name of the volume; empty if nobody knows it
/// @param changeId what a later delta begins with; empty if there is nothing
/// @param topology terms for nodes that can reach the volume; may be empty
record SnapshotOrigin(
    String snapshotUid,
    String content,
    String handle,
    String driver,
    String snapshotClass,
    String managedBy,
    boolean block,
    long bytes,
    String volumeId,
    String changeId,
    Json.Arr topology) {
  String toJson() {
    return JsonCodec.write(
        Json.Obj.EMPTY
            .with("snapshotUid", snapshotUid)
            .with("content", content)
            .with("handle", handle)
            .with("driver", driver)
            .with("snapshotClass", snapshotClass)
            .with("managedBy", managedBy)
            .with("block", block)
            .with("bytes", bytes)
            .with("volumeId", volumeId)
            .with("changeId", changeId)
            .with("topology", topology));
  }

  /// Whether it is known.
  static boolean isNoted(Transfer transfer) {
    return !transfer.noted(Names.ORIGIN).text("handle").isEmpty();
  }

  static SnapshotOrigin of(Transfer transfer) {
    KubeObject noted = transfer.noted(Names.ORIGIN);
    return new SnapshotOrigin(
        noted.text("snapshotUid"),
        noted.text("content"),
        noted.text("handle"),
        noted.text("driver"),
        noted.text("snapshotClass"),
        noted.text("managedBy"),
        noted.flag("block"),
        noted.number("bytes"),
        noted.text("volumeId"),
        noted.text("changeId").isEmpty() ? noted.text("handle") : noted.text("changeId"),
        noted.array("topology"));
  }
}
