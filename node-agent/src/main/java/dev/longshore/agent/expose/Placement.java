package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.config.LabelSelector;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;

/// Where a mover's pod may run. Not for use twice.
final class Placement {
  private final List<Json> expressions = new ArrayList<>();
  private final List<Json> terms = new ArrayList<>();
  private String node = "";
  private String selectedNode = "";
  private String group = "";

  /// Only on this node, past the scheduler.
  void pin(String name) {
    node = name;
  }

  /// Only on the node that the scheduler has chosen for the volume's user.
  void select(String name) {
    selectedNode = name;
  }

  /// On nodes for which these expressions hold.
  void restrict(List<Json> more) {
    expressions.addAll(more);
  }

  /// On nodes of one of these terms.
  void within(Json.Arr topology) {
    terms.addAll(topology.elements());
  }

  /// Spread over nodes with others of this group.
  void spread(String name) {
    group = name;
  }

  /// A pod's spec with all of this in it.
  Json.Obj applyTo(Json.Obj spec) {
    if (!node.isEmpty()) {
      return spec.with("nodeName", node);
    }
    Json.Obj placed = spec;
    if (!selectedNode.isEmpty()) {
      placed =
          placed.with("nodeSelector", Json.Obj.EMPTY.with("kubernetes.io/hostname", selectedNode));
    }
    if (!group.isEmpty()) {
      placed = placed.with("topologySpreadConstraints", Json.Arr.of(constraint()));
    }
    return placed.with(
        "affinity",
        Json.Obj.of(
            "nodeAffinity",
            Json.Obj.of(
                "requiredDuringSchedulingIgnoredDuringExecution",
                Json.Obj.of("nodeSelectorTerms", allTerms()))));
  }

  /// Every term of the volume's topology with all expressions added.
  private Json.Arr allTerms() {
    List<Json> all = new ArrayList<>(expressions);
    all.add(LabelSelector.nodeExpression("kubernetes.io/os", "NotIn", List.of("windows")));
    if (terms.isEmpty()) {
      return Json.Arr.of(Json.Obj.of("matchExpressions", new Json.Arr(all)));
    }
    List<Json> both = new ArrayList<>();
    for (Json.Obj term : new Json.Arr(terms).objects()) {
      List<Json> joined =
          new ArrayList<>(new KubeObject(term).array("matchExpressions").elements());
      joined.addAll(all);
      both.add(term.with("matchExpressions", new Json.Arr(joined)));
    }
    return new Json.Arr(both);
  }

  private Json.Obj constraint() {
    return Json.Obj.EMPTY
        .with("maxSkew", 1)
        .with("topologyKey", "kubernetes.io/hostname")
        .with("whenUnsatisfiable", "ScheduleAnyway")
        .with(
            "labelSelector",
            Json.Obj.of("matchLabels", Json.Obj.EMPTY.with(Names.POD_GROUP_LABEL, group)));
  }
}
