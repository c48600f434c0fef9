package dev.longshore.agent.world.node;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.List;
import java.util.Map;

/// Whether nodes are what pods and volumes ask for.
final class Affinity {
  private Affinity() {}

  /// Whether a pod's node selector and required affinity allow a node.
  static boolean allows(KubeObject pod, KubeObject node) {
    boolean isSelected =
        pod.object("spec", "nodeSelector").strings().entrySet().stream()
            .allMatch(label -> label.getValue().equals(node.labels().get(label.getKey())));
    return isSelected
        && matchesAny(
            pod.array(
                "spec",
                "affinity",
                "nodeAffinity",
                "requiredDuringSchedulingIgnoredDuringExecution",
                "nodeSelectorTerms"),
            node);
  }

  /// Whether a volume can be reached from a node.
  static boolean reaches(KubeObject volume, KubeObject node) {
    return matchesAny(volume.array("spec", "nodeAffinity", "required", "nodeSelectorTerms"), node);
  }

  /// Whether a pod bears every taint of a node that keeps pods away.
  static boolean tolerates(KubeObject pod, KubeObject node) {
    List<Json.Obj> tolerations = pod.array("spec", "tolerations").objects();
    return node.array("spec", "taints").objects().stream()
        .map(KubeObject::new)
        .filter(taint -> !taint.text("effect").equals("PreferNoSchedule"))
        .allMatch(taint -> tolerations.stream().anyMatch(one -> bears(one, taint)));
  }

  private static boolean bears(Json.Obj json, KubeObject taint) {
    KubeObject toleration = new KubeObject(json);
    String effect = toleration.text("effect");
    String key = toleration.text("key");
    if (!effect.isEmpty() && !effect.equals(taint.text("effect"))) {
      return false;
    }
    if (toleration.text("operator").equals("Exists")) {
      return key.isEmpty() || key.equals(taint.text("key"));
    }
    return key.equals(taint.text("key")) && toleration.text("value").equals(taint.text("value"));
  }

  private static boolean matchesAny(Json.Arr terms, KubeObject node) {
    return terms.elements().isEmpty()
        || terms.objects().stream().anyMatch(term -> matches(new KubeObject(term), node));
  }

  private static boolean matches(KubeObject term, KubeObject node) {
    List<Json.Obj> expressions = term.array("matchExpressions").objects();
    List<Json.Obj> fields = term.array("matchFields").objects();
    boolean isEmpty = expressions.isEmpty() && fields.isEmpty(); // matches nothing
    return !isEmpty
        && expressions.stream().allMatch(one -> holds(new KubeObject(one), node.labels()))
        && fields.stream()
            .allMatch(one -> holds(new KubeObject(one), Map.of("metadata.name", node.name())));
  }

  private static boolean holds(KubeObject expression, Map<String, String> labels) {
    String value = labels.get(expression.text("key"));
    List<String> values = expression.array("values").strings();
    return switch (expression.text("operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      case "Gt" -> value != null && Long.parseLong(value) > Long.parseLong(values.getFirst());
      case "Lt" -> value != null && Long.parseLong(value) < Long.parseLong(values.getFirst());
      default -> false;
    };
  }
}
