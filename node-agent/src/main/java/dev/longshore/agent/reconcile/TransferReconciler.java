package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.api.TransferKind;
import dev.longshore.agent.expose.ExposeException;
import dev.longshore.agent.expose.Exposer;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.util.Optional;
import java.util.function.Function;

/// Moves a transfer from phase to phase, as Velero's users know them.
///
/// ```
/// New ─► Accepted ─► Prepared ─► InProgress ─► Completed
///                                   └─► Canceling ─► Canceled      Failed from anywhere
/// ```
///
/// Each call looks at what there is, does what can be done, and says when to look again. A mover
/// that is lost is replaced while attempts are left: before the transfer has begun by going back to
/// Accepted, afterwards without leaving InProgress. A final phase is written as soon as it is true;
/// the finalizer goes when nothing is left to clean up. Not safe for use by many threads.
final class TransferReconciler {
  private final Workplace place;
  private final Function<TransferKind, Exposer> exposers;
  private final Admission admission;
  private final Endings endings;
  private final Preparation preparation;
  private final Movement movement;

  TransferReconciler(Workplace place, Function<TransferKind, Exposer> exposers) {
    this.place = place;
    this.exposers = exposers;
    this.admission = new Admission(place.settings().config().concurrency());
    this.endings = new Endings(place);
    MoverPods pods = new MoverPods(place.api(), place.clock());
    Attempts attempts = new Attempts(place, pods, endings);
    this.preparation = new Preparation(place, pods, attempts, endings);
    this.movement = new Movement(place, pods, preparation, attempts, endings);
  }

  /// Does what can be done for a transfer.
  ///
  /// @param transfer as it was last seen; a write fails if it is older than what the server has
  /// @throws KubeException if a call failed: look again soon
  Outcome reconcile(Transfer transfer) throws KubeException {
    if (!place.settings().ownership().isOurs(transfer)) {
      return Outcome.DONE;
    }
    Exposer exposer = exposers.apply(transfer.kind());
    try {
      return switch (transfer.phase()) {
        case NEW -> accept(transfer, exposer);
        case ACCEPTED -> preparation.advance(transfer, exposer);
        case PREPARED -> movement.start(transfer);
        case IN_PROGRESS, CANCELING -> movement.advance(transfer, exposer);
        case CANCELED, COMPLETED, FAILED -> cleanUp(transfer, exposer);
      };
    } catch (ExposeException e) {
      return endings.failed(transfer, "error exposing the volume: " + e.getMessage());
    }
  }

  /// Whether a transfer has nothing but others to wait for, by what is known without asking.
  ///
  /// @param transfer as it was last seen
  boolean isQueued(Transfer transfer) {
    if (!place.settings().ownership().isOurs(transfer)
        || transfer.isToStop()
        || !transfer.object().finalizers().contains(transfer.kind().finalizer())) {
      return false;
    }
    return switch (transfer.phase()) {
      case NEW -> !admission.mayAccept(transfer, place.transfers().all());
      case PREPARED -> movement.waitsForSlot(transfer);
      default -> false;
    };
  }

  private Outcome accept(Transfer transfer, Exposer exposer) throws KubeException {
    if (transfer.isToStop()) {
      return endings.canceled(transfer, "canceled before it was taken on");
    }
    if (!admission.mayAccept(transfer, place.transfers().all())
        || exposer.awaited(transfer).isPresent()) {
      keepUntilCleanedUp(transfer);
      return Outcome.LATER;
    }
    Change change =
        new Change()
            .phase(Phase.ACCEPTED)
            .time("acceptedTimestamp", place.now())
            .finalizers(transfer.object().withFinalizer(transfer.kind().finalizer()).finalizers())
            .annotation(Names.ATTEMPT, "1");
    if (!transfer.kind().isPodVolume()) {
      change.status("acceptedByNode", place.settings().nodeName());
    }
    place.write(transfer, change);
    place.meter().accepted(transfer);
    return Outcome.NOW;
  }

  /// A transfer that waits has been given a snapshot to use up: it may not vanish unseen.
  private void keepUntilCleanedUp(Transfer transfer) throws KubeException {
    KubeObject kept = transfer.object().withFinalizer(transfer.kind().finalizer());
    if (!kept.equals(transfer.object())) {
      place.write(transfer, new Change().finalizers(kept.finalizers()));
    }
  }

  private Outcome cleanUp(Transfer transfer, Exposer exposer) throws KubeException {
    if (!transfer.object().finalizers().contains(transfer.kind().finalizer())) {
      return Outcome.DONE;
    }
    Optional<String> left = exposer.cleanUp(transfer);
    if (left.isPresent()) {
      return Outcome.SOON;
    }
    place.progress().forget(transfer.uid());
    place.write(
        transfer,
        new Change()
            .finalizers(
                transfer.object().withoutFinalizer(transfer.kind().finalizer()).finalizers()));
    return Outcome.DONE;
  }
}
