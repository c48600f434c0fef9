package dev.longshore.agent;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.agent.lead.Leadership;
import dev.longshore.agent.reconcile.Controller;
import dev.longshore.agent.reconcile.Meter;
import dev.longshore.agent.reconcile.Settings;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.Pace;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One agent of a cluster: asks to lead, and while it does, keeps all transfers moving. For use by
/// one thread, but for what it says of itself.
public final class Agent implements AutoCloseable {
  private final Leadership leadership;
  private final Supplier<Controller> controllers;
  private volatile @Nullable Controller controller;

  /// Who an agent is and where it works.
  ///
  /// @param namespace Velero's
  /// @param lease the name of the Lease that agents share
  /// @param identity unique among all agents that ever run
  public record Place(String namespace, String lease, String identity) {}

  public Agent(
      KubeApi api, Pace pace, Place place, Settings settings, PodTemplate template, Meter meter) {
    this.leadership =
        new Leadership(api, pace.clock(), place.namespace(), place.lease(), place.identity());
    this.controllers =
        () -> new Controller(api, pace, place.namespace(), settings, template, meter);
  }

  /// Does what can be done now, without waiting.
  ///
  /// @return how long there is nothing to do, unless something happens in the cluster
  public Duration step() throws InterruptedException {
    if (!leadership.step()) {
      stop();
      return leadership.untilNext();
    }
    Controller leading = controller;
    if (leading == null) {
      leading = controllers.get();
      controller = leading;
    }
    Duration idle = leading.step();
    Duration lease = leadership.untilNext();
    return idle.compareTo(lease) < 0 ? idle : lease;
  }

  /// Whether this agent leads and knows what there is, or waits for another that does.
  public boolean isReady() {
    Controller leading = controller;
    return leading == null || leading.isSynced();
  }

  public boolean isLeading() {
    return controller != null;
  }

  /// The transfers that are ours, as the leader knows them; none for others.
  public List<Transfer> transfers() {
    Controller leading = controller;
    return leading == null ? List.of() : leading.transfers();
  }

  private void stop() {
    Controller leading = controller;
    controller = null;
    if (leading != null) {
      leading.close();
    }
  }

  /// Stops, and lets another agent take over at once.
  ///
  /// @return whether it led, and the others have been told
  public boolean release() {
    stop();
    return leadership.release();
  }

  @Override
  public void close() {
    boolean _ = release();
  }
}
