package dev.longshore.agent.world;

import dev.longshore.kube.server.ApiServer;
import java.time.Duration;

/// Kubernetes' garbage collector: looks for objects whose owners are gone some time after something
/// was deleted.
final class GarbageCollector implements Participant {
  private final ApiServer server;
  private final Site site;
  private final Timers timers;
  private String seen = "";

  GarbageCollector(Site site, ApiServer server) {
    this.server = server;
    this.site = site;
    this.timers = new Timers(site.clock(), site.random());
  }

  @Override
  public Duration step() {
    timers.begin();
    String version = server.version();
    if (!version.equals(seen)
        && timers.isOver("after " + seen, site.delays().of(Delays.Of.COLLECT_GARBAGE))) {
      server.collect();
      seen = server.version();
    }
    return timers.soonest();
  }
}
