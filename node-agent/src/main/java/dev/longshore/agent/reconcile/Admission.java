package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Phase;
import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.config.AgentConfig;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Who is next: how many transfers are prepared at once in the cluster, and how many run on a node.
///
/// Restores go before backups, and then the older before the newer.
final class Admission {
  private static final Comparator<Transfer> ORDER =
      Comparator.comparing((Transfer one) -> one.kind().isBackup())
          .thenComparing(one -> one.object().text("metadata", "creationTimestamp"))
          .thenComparing(Transfer::key);

  private final AgentConfig.Concurrency limits;

  Admission(AgentConfig.Concurrency limits) {
    this.limits = limits;
  }

  /// Whether a new transfer may be taken on.
  ///
  /// @param all transfers that are ours
  boolean mayAccept(Transfer transfer, Collection<Transfer> all) {
    if (limits.queueLength() == 0) {
      return true;
    }
    long underway = all.stream().filter(one -> isUnderway(one.phase())).count();
    long free = limits.queueLength() - underway;
    List<Transfer> waiting =
        all.stream()
            .filter(one -> one.phase() == Phase.NEW && !one.isToStop())
            .sorted(ORDER)
            .limit(Math.max(0, free))
            .toList();
    return waiting.stream().anyMatch(one -> one.uid().equals(transfer.uid()));
  }

  private static boolean isUnderway(Phase phase) {
    return phase != Phase.NEW && !phase.isFinal();
  }

  /// Whether a prepared transfer may start on its node.
  ///
  /// @param nodeLabels of that node
  boolean mayStart(
      Transfer transfer, String node, Map<String, String> nodeLabels, Collection<Transfer> all) {
    int slots = limits.slots(nodeLabels);
    long running =
        all.stream()
            .filter(one -> one.phase() == Phase.IN_PROGRESS || one.phase() == Phase.CANCELING)
            .filter(one -> one.object().annotation(Names.NODE).equals(node))
            .count();
    return all.stream()
        .filter(one -> one.phase() == Phase.PREPARED && !one.isToStop())
        .filter(one -> one.object().annotation(Names.NODE).equals(node))
        .sorted(ORDER)
        .limit(Math.max(0, slots - running))
        .anyMatch(one -> one.uid().equals(transfer.uid()));
  }
}
