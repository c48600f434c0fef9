package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.api.Velero;
import java.util.EnumSet;
import java.util.Set;

/// Which transfers are ours: those that name us, or those of Velero's own node agent, which we then
/// stand in for.
///
/// @param moverName what `spec.datamover` says when it means us
/// @param replacesVelero whether we run in the place of Velero's node agent
public record Ownership(String moverName, boolean replacesVelero) {
  /// The kinds that are watched: pod volumes name no mover, so they are Velero's.
  public Set<TransferKind> kinds() {
    return replacesVelero
        ? EnumSet.allOf(TransferKind.class)
        : EnumSet.of(TransferKind.DATA_UPLOAD, TransferKind.DATA_DOWNLOAD);
  }

  public boolean isOurs(Transfer transfer) {
    if (transfer.kind().isPodVolume()) {
      return replacesVelero && !transfer.object().text("spec", "uploaderType").equals("restic");
    }
    return transfer.dataMover().equals(moverName)
        || (replacesVelero
            && (Velero.FILE_MOVERS.contains(transfer.dataMover())
                || transfer.dataMover().equals(Velero.BLOCK_MOVER)));
  }

  /// Whether `status.node` may name a node before the end: beside Velero's agent it may not, since
  /// that one, when it starts, takes transfers in progress on its node for its own.
  public boolean showsNodeEarly() {
    return replacesVelero;
  }
}
