package dev.longshore.agent;

import dev.longshore.agent.api.Transfer;
import dev.longshore.agent.event.Recorder;
import dev.longshore.agent.expose.PodTemplate;
import dev.longshore.agent.janitor.Janitor;
import dev.longshore.agent.lead.Leadership;
import dev.longshore.agent.reconcile.Controller;
import dev.longshore.agent.reconcile.Meter;
import dev.longshore.agent.reconcile.Settings;
import dev.longshore.agent.repository.Upkeep;
import dev.longshore.agent.repository.UpkeepMeter;
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
  private final Supplier<Leading> leaders;
  private volatile @Nullable Leading leading;

  /// Who an agent is and where it works.
  ///
  /// @param namespace Velero's
  /// @param lease the name of the Lease that agents share
  /// @param identity unique among all agents that ever run
  public record Place(String namespace, String lease, String identity) {}

  /// Who is told of what an agent does.
  public record Meters(Meter transfers, UpkeepMeter upkeep) {
    /// Nobody.
    public static final Meters NONE = new Meters(Meter.NONE, UpkeepMeter.NONE);
  }

  /// What a leader does.
  private record Leading(Controller controller, Upkeep upkeep, Janitor janitor) {
    Duration step() throws InterruptedException {
      return shorter(shorter(controller.step(), upkeep.step()), janitor.step());
    }

    void close() {
      controller.close();
      upkeep.close();
    }
  }

  public Agent(
      KubeApi api, Pace pace, Place place, Settings settings, PodTemplate template, Meters meters) {
    this.leadership =
        new Leadership(api, pace.clock(), place.namespace(), place.lease(), place.identity());
    Recorder events = new Recorder(api, pace.clock(), place.identity());
    this.leaders =
        () ->
            new Leading(
                new Controller(
                    api, pace, place.namespace(), settings, template, meters.transfers(), events),
                new Upkeep(
                    api,
                    pace,
                    place.namespace(),
                    settings.upkeep(),
                    template,
                    events,
                    meters.upkeep()),
                new Janitor(
                    api,
                    pace.clock(),
                    place.namespace(),
                    settings.upkeep().removesLeaks(),
                    new LeakReport(api, place, events, meters.upkeep())));
  }

  /// Does what can be done now, without waiting.
  ///
  /// @return how long there is nothing to do, unless something happens in the cluster
  public Duration step() throws InterruptedException {
    if (!leadership.step()) {
      stop();
      return leadership.untilNext();
    }
    Leading now = leading;
    if (now == null) {
      now = leaders.get();
      leading = now;
    }
    return shorter(now.step(), leadership.untilNext());
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// Whether this agent leads and knows what there is, or waits for another that does.
  public boolean isReady() {
    Leading now = leading;
    return now == null || now.controller().isSynced();
  }

  public boolean isLeading() {
    return leading != null;
  }

  /// The transfers that are ours, as the leader knows them; none for others.
  public List<Transfer> transfers() {
    Leading now = leading;
    return now == null ? List.of() : now.controller().transfers();
  }

  private void stop() {
    Leading now = leading;
    leading = null;
    if (now != null) {
      now.close();
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
