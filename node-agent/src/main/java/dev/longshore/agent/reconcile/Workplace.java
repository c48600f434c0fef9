package dev.longshore.agent.reconcile;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.event.Recorder;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import java.time.Instant;
import java.time.InstantSource;

/// What every step of a transfer has at hand. For use by one thread.
record Workplace(
    KubeApi api,
    InstantSource clock,
    Settings settings,
    Transfers transfers,
    Progress progress,
    Meter meter,
    Recorder events) {
  Instant now() {
    return clock.instant();
  }

  /// Writes a change, unless somebody else has written since the transfer was read.
  ///
  /// @return it as it is now
  Transfer write(Transfer transfer, Change change) throws KubeException {
    return transfers.write(api, transfer, change);
  }
}
