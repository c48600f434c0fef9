package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.Resource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request as permissions, faults and counters see it.
///
/// @param user empty for the administrator
/// @param subresource such as `status`; empty for the object itself
/// @param namespace empty for all, and for kinds without
/// @param name empty where the address has none: of lists, watches and creations
/// @param body what was sent
public record Request(
    String user,
    Verb verb,
    Resource resource,
    String subresource,
    String namespace,
    String name,
    Json.@Nullable Obj body) {
  public boolean isWrite() {
    return verb.isWrite();
  }

  public boolean is(Verb one, Resource other) {
    return verb == one && resource.equals(other);
  }

  /// The name of the object, of a creation too.
  public String objectName() {
    if (name.isEmpty()
        && body != null
        && body.get("metadata") instanceof Json.Obj metadata
        && metadata.get("name") instanceof Json.Str(String text)) {
      return text;
    }
    return name;
  }

  /// The groups of the user.
  Set<String> groups() {
    String[] parts = user.split(":", -1);
    return parts.length == 4 && user.startsWith("system:serviceaccount:")
        ? Set.of(
            "system:authenticated", "system:serviceaccounts", "system:serviceaccounts:" + parts[2])
        : Set.of("system:authenticated");
  }

  @Override
  public String toString() {
    return (user.isEmpty() ? "admin" : user)
        + " "
        + verb.text()
        + " "
        + resource
        + (subresource.isEmpty() ? "" : "/" + subresource)
        + " "
        + namespace
        + "/"
        + objectName();
  }
}
