package dev.longshore.kube;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object of the Kubernetes API. Immutable: changes give another object, which may be written
/// back whole, since fields that nobody here knows are kept.
///
/// Reading is lenient, as objects may be of older or newer kinds: what is absent or of another type
/// reads as empty.
///
/// @param json the whole object
public record KubeObject(Json.Obj json) {
  /// An object with nothing but its kind and name.
  ///
  /// @param namespace empty for a kind without namespaces
  public static KubeObject of(Resource resource, String namespace, String name) {
    KubeObject object =
        new KubeObject(
            Json.Obj.EMPTY
                .with("apiVersion", resource.apiVersion())
                .with("kind", resource.kind())
                .with("metadata", Json.Obj.of("name", new Json.Str(name))));
    return namespace.isEmpty() ? object : object.with(namespace, "metadata", "namespace");
  }

  public String kind() {
    return text("kind");
  }

  public String name() {
    return text("metadata", "name");
  }

  /// Empty for a kind without namespaces.
  public String namespace() {
    return text("metadata", "namespace");
  }

  public String uid() {
    return text("metadata", "uid");
  }

  public String resourceVersion() {
    return text("metadata", "resourceVersion");
  }

  public Map<String, String> labels() {
    return object("metadata", "labels").strings();
  }

  /// The value of a label, empty if there is none.
  public String label(String key) {
    return text("metadata", "labels", key);
  }

  public Map<String, String> annotations() {
    return object("metadata", "annotations").strings();
  }

  /// The value of an annotation, empty if there is none.
  public String annotation(String key) {
    return text("metadata", "annotations", key);
  }

  public List<String> finalizers() {
    return array("metadata", "finalizers").strings();
  }

  /// Whether its deletion was asked for and waits for finalizers.
  public boolean isBeingDeleted() {
    return !text("metadata", "deletionTimestamp").isEmpty();
  }

  public Optional<Instant> created() {
    return time("metadata", "creationTimestamp");
  }

  /// Whether one of its owner references has this UID.
  public boolean isOwnedBy(String uid) {
    return array("metadata", "ownerReferences").objects().stream()
        .anyMatch(owner -> owner.get("uid") instanceof Json.Str(String text) && text.equals(uid));
  }

  /// The value at a path of field names, null if there is none.
  public @Nullable Json at(String... path) {
    Json value = json;
    for (String field : path) {
      if (!(value instanceof Json.Obj object)) {
        return null;
      }
      value = object.get(field);
    }
    return value;
  }

  /// The string at a path; empty if there is none.
  public String text(String... path) {
    return at(path) instanceof Json.Str(String text) ? text : "";
  }

  /// The integer at a path; 0 if there is none or it is not one of 64 bits.
  public long number(String... path) {
    if (at(path) instanceof Json.Num(String digits)) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        return 0;
      }
    }
    return 0;
  }

  /// The truth value at a path; false if there is none.
  public boolean flag(String... path) {
    return at(path) instanceof Json.Bool(boolean value) && value;
  }

  /// The object at a path; empty if there is none.
  public Json.Obj object(String... path) {
    return at(path) instanceof Json.Obj object ? object : Json.Obj.EMPTY;
  }

  /// The array at a path; empty if there is none.
  public Json.Arr array(String... path) {
    return at(path) instanceof Json.Arr array ? array : Json.Arr.EMPTY;
  }

  /// The time at a path, if there is one in RFC 3339.
  public Optional<Instant> time(String... path) {
    try {
      return Optional.of(Instant.parse(text(path)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// This object with a value set; objects on the way are made.
  public KubeObject with(Json value, String... path) {
    return new KubeObject(set(json, value, path, 0));
  }

  public KubeObject with(String value, String... path) {
    return with(new Json.Str(value), path);
  }

  public KubeObject with(long value, String... path) {
    return with(Json.Num.of(value), path);
  }

  public KubeObject with(boolean value, String... path) {
    return with(new Json.Bool(value), path);
  }

  /// A time, in whole seconds as the API has it.
  public KubeObject with(Instant value, String... path) {
    return with(value.truncatedTo(ChronoUnit.SECONDS).toString(), path);
  }

  public KubeObject withLabel(String key, String value) {
    return with(value, "metadata", "labels", key);
  }

  public KubeObject withAnnotation(String key, String value) {
    return with(value, "metadata", "annotations", key);
  }

  public KubeObject withFinalizer(String finalizer) {
    if (finalizers().contains(finalizer)) {
      return this;
    }
    List<String> all = new ArrayList<>(finalizers());
    all.add(finalizer);
    return with(Json.Arr.ofStrings(all), "metadata", "finalizers");
  }

  public KubeObject withoutFinalizer(String finalizer) {
    List<String> left = finalizers().stream().filter(one -> !one.equals(finalizer)).toList();
    return with(Json.Arr.ofStrings(left), "metadata", "finalizers");
  }

  /// This object without the value at a path.
  public KubeObject without(String... path) {
    return at(path) == null && !isNull(path) ? this : new KubeObject(unset(json, path, 0));
  }

  private boolean isNull(String... path) {
    String[] parent = Arrays.copyOf(path, path.length - 1);
    return at(parent) instanceof Json.Obj object
        && object.fields().containsKey(path[path.length - 1]);
  }

  private static Json.Obj set(Json.Obj object, Json value, String[] path, int depth) {
    String field = path[depth];
    if (depth == path.length - 1) {
      return object.with(field, value);
    }
    Json.Obj inner = object.get(field) instanceof Json.Obj found ? found : Json.Obj.EMPTY;
    return object.with(field, set(inner, value, path, depth + 1));
  }

  private static Json.Obj unset(Json.Obj object, String[] path, int depth) {
    String field = path[depth];
    if (depth == path.length - 1) {
      return object.without(field);
    }
    return object.get(field) instanceof Json.Obj inner
        ? object.with(field, unset(inner, path, depth + 1))
        : object;
  }
}
