package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Label and field selectors.
final class Selectors {
  private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EQUALITY =
      Pattern.compile("([^\\s=!]+)\\s*(==|!=|=)\\s*([^\\s=!]*)");
  private static final Pattern EXISTENCE = Pattern.compile("(!?)\\s*([^\\s=!()]+)");

  /// Fields that kinds can be selected by, besides name and namespace.
  private static final Map<Resource, Set<String>> FIELDS =
      Map.of(
          Resource.PODS,
          Set.of(
              "spec.nodeName",
              "spec.restartPolicy",
              "spec.schedulerName",
              "spec.serviceAccountName",
              "status.phase",
              "status.podIP"),
          Resource.EVENTS,
          Set.of(
              "involvedObject.kind",
              "involvedObject.namespace",
              "involvedObject.name",
              "involvedObject.uid",
              "involvedObject.apiVersion",
              "involvedObject.resourceVersion",
              "involvedObject.fieldPath",
              "reason",
              "reportingComponent",
              "type"),
          Resource.SECRETS,
          Set.of("type"),
          Resource.NAMESPACES,
          Set.of("status.phase"),
          Resource.NODES,
          Set.of("spec.unschedulable"),
          Resource.JOBS,
          Set.of("status.successful"));

  private Selectors() {}

  /// What a request selects, from its two selectors and its namespace.
  static Predicate<KubeObject> of(Kind kind, String namespace, String labels, String fields)
      throws KubeException {
    Predicate<KubeObject> all = fields(kind, fields);
    for (String requirement : split(labels)) {
      all = all.and(label(requirement));
    }
    return namespace.isEmpty() ? all : all.and(object -> object.namespace().equals(namespace));
  }

  /// The parts between commas outside of parentheses.
  private static List<String> split(String selector) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= selector.length(); i++) {
      char c = i < selector.length() ? selector.charAt(i) : ',';
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == selector.length())) {
        parts.add(selector.substring(start, i).strip());
        start = i + 1;
      }
    }
    return selector.isBlank() ? List.of() : parts;
  }

  private static Predicate<KubeObject> label(String requirement) throws KubeException {
    Matcher set = SET.matcher(requirement);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values = Set.copyOf(split(set.group(3)));
      return set.group(2).equals("in")
          ? object -> object.labels().containsKey(key) && values.contains(object.label(key))
          : object -> !object.labels().containsKey(key) || !values.contains(object.label(key));
    }
    Matcher equality = EQUALITY.matcher(requirement);
    if (equality.matches()) {
      String key = equality.group(1);
      String value = equality.group(3);
      Predicate<KubeObject> equal =
          object -> object.labels().containsKey(key) && object.label(key).equals(value);
      return equality.group(2).equals("!=") ? equal.negate() : equal;
    }
    Matcher existence = EXISTENCE.matcher(requirement);
    if (existence.matches()) {
      String key = existence.group(2);
      Predicate<KubeObject> there = object -> object.labels().containsKey(key);
      return existence.group(1).isEmpty() ? there : there.negate();
    }
    throw Failures.bad("unable to parse requirement: " + requirement);
  }

  private static Predicate<KubeObject> fields(Kind kind, String selector) throws KubeException {
    Predicate<KubeObject> all = object -> true;
    for (String requirement : split(selector)) {
      Matcher equality = EQUALITY.matcher(requirement);
      if (!equality.matches()) {
        throw Failures.bad("invalid selector: '%s'; can't understand it".formatted(requirement));
      }
      String field = equality.group(1);
      boolean known =
          field.equals("metadata.name")
              || (field.equals("metadata.namespace") && kind.resource().namespaced())
              || FIELDS.getOrDefault(kind.resource(), Set.of()).contains(field);
      if (!known) {
        throw Failures.bad("field label not supported: " + field);
      }
      String[] path = field.split("\\.");
      String value = equality.group(3);
      Predicate<KubeObject> equal = object -> object.text(path).equals(value);
      all = all.and(equality.group(2).equals("!=") ? equal.negate() : equal);
    }
    return all;
  }
}
