package dev.longshore.agent;

import dev.longshore.agent.event.Recorder;
import dev.longshore.agent.janitor.Janitor;
import dev.longshore.agent.repository.UpkeepMeter;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells of leaked objects: in metrics, and by an event about the agents' Lease, since an event
/// about an object without a namespace would have to be elsewhere.
final class LeakReport implements Janitor.Listener {
  private static final Logger LOG = System.getLogger(LeakReport.class.getName());
  private static final int MOST_NAMED = 5;

  private final KubeApi api;
  private final Agent.Place place;
  private final Recorder events;
  private final UpkeepMeter meter;

  LeakReport(KubeApi api, Agent.Place place, Recorder events, UpkeepMeter meter) {
    this.api = api;
    this.place = place;
    this.events = events;
    this.meter = meter;
  }

  @Override
  public void found(Map<String, Integer> counts, List<String> titles) {
    meter.leaked(counts);
    if (titles.isEmpty()) {
      return;
    }
    String some = String.join(", ", titles.stream().sorted().limit(MOST_NAMED).toList());
    String message =
        "%d objects belong to no transfer any more: %s%s"
            .formatted(titles.size(), some, titles.size() > MOST_NAMED ? ", …" : "");
    try {
      Optional<KubeObject> lease = api.lookUp(Resource.LEASES, place.namespace(), place.lease());
      lease.ifPresent(one -> events.warning(Resource.LEASES, one, "LeakedObjects", message));
    } catch (KubeException e) {
      LOG.log(Level.DEBUG, () -> "no event about leaked objects: " + e.getMessage());
    }
  }
}
