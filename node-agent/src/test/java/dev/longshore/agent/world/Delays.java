package dev.longshore.agent.world;

import java.util.EnumMap;
import java.util.Map;

/// How long the parts of a cluster take. A test may change it at any time; what has begun keeps its
/// time.
public final class Delays {
  /// What takes time.
  public enum Of {
    SCHEDULE,
    BIND_CLAIM,
    PROVISION,
    DELETE_DISK,
    ATTACH,
    DETACH,
    START_POD,
    /// From the snapshot's object to the storage's handle.
    SNAPSHOT_HANDLE,
    /// From the handle to `readyToUse`.
    SNAPSHOT_READY,
    BIND_SNAPSHOT,
    DELETE_SNAPSHOT,
    /// Removing a finalizer that protected something.
    PROTECTION,
    COLLECT_GARBAGE,
    JOB,
    VELERO
  }

  private final Map<Of, Delay> delays = new EnumMap<>(Of.class);

  /// A cluster in which everything takes from some to some hundred milliseconds.
  public Delays() {
    for (Of what : Of.values()) {
      delays.put(what, Delay.millis(10, 300));
    }
    delays.put(Of.PROVISION, Delay.millis(500, 3_000));
    delays.put(Of.SNAPSHOT_HANDLE, Delay.millis(200, 2_000));
    delays.put(Of.SNAPSHOT_READY, Delay.millis(0, 5_000));
    delays.put(Of.START_POD, Delay.millis(200, 2_000));
    delays.put(Of.ATTACH, Delay.millis(100, 2_000));
  }

  public void set(Of what, Delay delay) {
    delays.put(what, delay);
  }

  public Delay of(Of what) {
    return delays.getOrDefault(what, Delay.NONE);
  }
}
