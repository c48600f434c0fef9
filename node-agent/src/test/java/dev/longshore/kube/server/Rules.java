package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What the server demands of objects.
final class Rules {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int MAX_NAME = 253;
  private static final Pattern LABEL =
      Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
  private static final Pattern KEY_NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final int MAX_LABEL = 63;
  private static final int MAX_ANNOTATIONS = 256 << 10;

  private static final Map<Resource, String> FIRST_PHASE =
      Map.of(
          Resource.PODS, "Pending",
          Resource.CLAIMS, "Pending",
          Resource.VOLUMES, "Pending",
          Resource.NAMESPACES, "Active");

  /// Fields of the specification that may change after the creation.
  private static final Map<Resource, Set<String>> CHANGEABLE =
      Map.of(
          Resource.PODS,
          Set.of(
              "activeDeadlineSeconds",
              "tolerations",
              "terminationGracePeriodSeconds",
              "containers",
              "initContainers"),
          Resource.CLAIMS,
          Set.of("resources", "volumeAttributesClassName"),
          Resource.VOLUMES,
          Set.of(
              "capacity",
              "accessModes",
              "claimRef",
              "persistentVolumeReclaimPolicy",
              "storageClassName",
              "mountOptions",
              "nodeAffinity",
              "volumeAttributesClassName"));

  /// Fields of the specification that may be set once. No storage class is not the same as an empty
  /// one.
  private static final Map<Resource, Set<String>> FILLED_LATER =
      Map.of(
          Resource.PODS, Set.of("nodeName"),
          Resource.CLAIMS, Set.of("volumeName", "storageClassName"),
          Resource.VOLUMES, Set.of());

  private Rules() {}

  static KubeObject withFirstStatus(Kind kind, KubeObject object) {
    String phase = FIRST_PHASE.get(kind.resource());
    return phase == null ? object : object.with(phase, "status", "phase");
  }

  /// The object as it is kept.
  ///
  /// @param before null when it is made
  static KubeObject checked(Kind kind, @Nullable KubeObject before, KubeObject object)
      throws KubeException {
    List<String> errors = new ArrayList<>();
    checkMetadata(before, object, errors);
    KubeObject kept = object;
    Schema schema = kind.schema();
    if (schema != null) {
      kept = new KubeObject((Json.Obj) schema.prune(object.json()));
      schema.validate(kept.json(), before == null ? null : before.json(), "", errors);
    }
    Builtins.check(kind, object, errors);
    if (before != null) {
      checkUnchanged(kind, before, object, errors);
    }
    if (!errors.isEmpty()) {
      throw Failures.invalid(kind, object.name(), errors);
    }
    return kept;
  }

  private static void checkMetadata(
      @Nullable KubeObject before, KubeObject object, List<String> errors) {
    if (object.name().isEmpty()) {
      errors.add("metadata.name: Required value: name or generateName is required");
    } else if (object.name().length() > MAX_NAME || !NAME.matcher(object.name()).matches()) {
      errors.add("metadata.name: Invalid value: \"" + object.name() + "\": not a DNS subdomain");
    }
    object
        .object("metadata", "labels")
        .fields()
        .forEach((key, value) -> {
          checkKey("metadata.labels", key, errors);
          if (!(value instanceof Json.Str(String text))
              || text.length() > MAX_LABEL
              || !LABEL.matcher(text).matches()) {
            errors.add("metadata.labels: Invalid value: " + value + ": not a label value");
          }
        });
    long size = 0;
    for (var annotation : object.object("metadata", "annotations").fields().entrySet()) {
      checkKey("metadata.annotations", annotation.getKey(), errors);
      if (annotation.getValue() instanceof Json.Str(String text)) {
        size += annotation.getKey().length() + text.length();
      } else {
        errors.add("metadata.annotations: Invalid value: not a string");
      }
    }
    if (size > MAX_ANNOTATIONS) {
      errors.add("metadata.annotations: Too long: must have at most 262144 bytes");
    }
    checkOwners(object, errors);
    if (before != null
        && before.isBeingDeleted()
        && !before.finalizers().containsAll(object.finalizers())) {
      errors.add(
          "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being"
              + " deleted");
    }
  }

  private static void checkKey(String field, String key, List<String> errors) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    if (name.length() > MAX_LABEL
        || !KEY_NAME.matcher(name).matches()
        || (slash >= 0 && !NAME.matcher(key.substring(0, slash)).matches())) {
      errors.add(field + ": Invalid value: \"" + key + "\": not a qualified name");
    }
  }

  private static void checkOwners(KubeObject object, List<String> errors) {
    int controllers = 0;
    for (Json.Obj text : object.array("metadata", "ownerReferences").objects()) {
      KubeObject owner = new KubeObject(text);
      for (String field : List.of("apiVersion", "kind", "name", "uid")) {
        if (owner.text(field).isEmpty()) {
          errors.add("metadata.ownerReferences." + field + ": Invalid value: must not be empty");
        }
      }
      controllers += owner.flag("controller") ? 1 : 0;
    }
    if (controllers > 1) {
      errors.add("metadata.ownerReferences: Invalid value: only one can be the controller");
    }
  }

  private static void checkUnchanged(
      Kind kind, KubeObject before, KubeObject object, List<String> errors) {
    Set<String> changeable = CHANGEABLE.get(kind.resource());
    if (changeable == null) {
      return;
    }
    Set<String> fields = new TreeSet<>(before.object("spec").fields().keySet());
    fields.addAll(object.object("spec").fields().keySet());
    for (String field : fields) {
      Json was = before.at("spec", field);
      Json is = object.at("spec", field);
      boolean filled =
          FILLED_LATER.getOrDefault(kind.resource(), Set.of()).contains(field)
              && (was == null
                  || (was.equals(new Json.Str("")) && !field.equals("storageClassName")));
      if (!changeable.contains(field) && !filled && !Objects.equals(was, is)) {
        errors.add("spec." + field + ": Forbidden: field is immutable after creation");
      }
    }
  }

  /// Whether an update changed more than metadata, and more than the status where that is a
  /// subresource.
  static boolean specificationChanged(Kind kind, KubeObject before, KubeObject after) {
    return !specification(kind, before).equals(specification(kind, after));
  }

  private static Json.Obj specification(Kind kind, KubeObject object) {
    Json.Obj rest = object.json().without("metadata");
    return kind.status() ? rest.without("status") : rest;
  }

  /// Whether the owner of an object is there; one of a kind that the server does not know may be.
  static boolean mayExist(Kinds kinds, Store store, KubeObject object, KubeObject reference) {
    Kind kind = kinds.named(reference.text("apiVersion"), reference.kind());
    if (kind == null) {
      return true;
    }
    String namespace = kind.resource().namespaced() ? object.namespace() : "";
    KubeObject owner = store.find(kind, namespace, reference.text("name"));
    return owner != null && owner.uid().equals(reference.text("uid"));
  }
}
