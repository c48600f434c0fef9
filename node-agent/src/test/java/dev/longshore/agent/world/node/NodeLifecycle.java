package dev.longshore.agent.world.node;

import dev.longshore.agent.world.Delay;
import dev.longshore.agent.world.Site;
import dev.longshore.agent.world.StandIn;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.Duration;
import java.util.Optional;

/// The node lifecycle controller and the collector of lost pods: pods of a node that is lost are
/// deleted after five minutes, though nobody ends them; those of a node that is no more vanish.
public final class NodeLifecycle extends StandIn {
  private static final Delay EVICTION = Delay.of(Duration.ofMinutes(5));
  private static final Delay QUARANTINE = Delay.of(Duration.ofSeconds(40));

  public NodeLifecycle(Site site) {
    super(site);
  }

  @Override
  protected void work() throws KubeException {
    each(Resource.PODS, this::sync);
  }

  private void sync(KubeObject pod) throws KubeException {
    String name = pod.text("spec", "nodeName");
    if (name.isEmpty()) {
      return;
    }
    Optional<KubeObject> node = find(Resource.NODES, "", name);
    if (node.isEmpty()) {
      if (timers.isOver("orphan " + pod.uid(), QUARANTINE)) {
        api.delete(Resource.PODS, pod.namespace(), pod.name(), new DeleteOptions(pod.uid(), 0));
      }
    } else if (!Nodes.isReady(node.get()) && timers.isOver("lost " + pod.uid(), EVICTION)) {
      delete(Resource.PODS, pod);
    }
  }
}
