package dev.longshore.agent.world.node;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;

/// Nodes of a cluster.
public final class Nodes {
  private Nodes() {}

  /// A node that runs Linux and is ready.
  public static KubeObject linux(String name) {
    return ready(
        KubeObject.of(Resource.NODES, "", name)
            .withLabel("kubernetes.io/hostname", name)
            .withLabel("kubernetes.io/os", "linux")
            .withLabel("kubernetes.io/arch", "amd64"),
        true);
  }

  /// A node, ready or lost.
  public static KubeObject ready(KubeObject node, boolean isReady) {
    return isReady
        ? PodStatus.condition(node, "Ready", true, "KubeletReady")
        : PodStatus.unknown(node, "Ready", "NodeStatusUnknown");
  }

  public static boolean isReady(KubeObject node) {
    return node.array("status", "conditions").objects().stream()
        .anyMatch(one ->
            new Json.Str("Ready").equals(one.get("type"))
                && new Json.Str("True").equals(one.get("status")));
  }
}
