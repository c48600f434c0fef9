package dev.longshore.agent.config;

import dev.longshore.kube.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A selector of Kubernetes: labels that must be equal, and expressions that must hold.
///
/// @param equal labels and their values
/// @param expressions what else must hold
public record LabelSelector(Map<String, String> equal, List<Expression> expressions) {
  public LabelSelector {
    equal = Map.copyOf(equal);
    expressions = List.copyOf(expressions);
  }

  /// One condition.
  ///
  /// @param operator `In`, `NotIn`, `Exists` or `DoesNotExist`
  public record Expression(String key, String operator, List<String> values) {
    public Expression {
      values = List.copyOf(values);
    }

    private boolean holds(Map<String, String> labels) {
      String value = labels.get(key);
      return switch (operator) {
        case "In" -> value != null && values.contains(value);
        case "NotIn" -> value == null || !values.contains(value);
        case "Exists" -> value != null;
        case "DoesNotExist" -> value == null;
        default -> false;
      };
    }
  }

  /// Reads a selector; what is malformed selects nothing by an operator that never holds.
  public static LabelSelector of(Json.Obj json) {
    Map<String, String> equal =
        json.get("matchLabels") instanceof Json.Obj labels ? labels.strings() : Map.of();
    List<Expression> expressions = new ArrayList<>();
    if (json.get("matchExpressions") instanceof Json.Arr array) {
      for (Json.Obj one : array.objects()) {
        expressions.add(
            new Expression(
                text(one, "key"),
                text(one, "operator"),
                one.get("values") instanceof Json.Arr values ? values.strings() : List.of()));
      }
    }
    return new LabelSelector(equal, expressions);
  }

  public boolean matches(Map<String, String> labels) {
    return equal.entrySet().stream()
            .allMatch(one -> one.getValue().equals(labels.get(one.getKey())))
        && expressions.stream().allMatch(one -> one.holds(labels));
  }

  /// The same as the expressions of a node selector's term.
  public List<Json> nodeExpressions() {
    List<Json> terms = new ArrayList<>();
    equal.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(one -> terms.add(nodeExpression(one.getKey(), "In", List.of(one.getValue()))));
    for (Expression one : expressions) {
      terms.add(nodeExpression(one.key(), one.operator(), one.values()));
    }
    return terms;
  }

  /// A condition on a node's labels.
  public static Json.Obj nodeExpression(String key, String operator, List<String> values) {
    Json.Obj term = Json.Obj.EMPTY.with("key", key).with("operator", operator);
    return values.isEmpty() ? term : term.with("values", Json.Arr.ofStrings(values));
  }

  private static String text(Json.Obj json, String field) {
    return json.get(field) instanceof Json.Str(String text) ? text : "";
  }
}
