package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import java.time.Duration;
import java.util.List;

/// The server's refusals, worded like Kubernetes'.
final class Failures {
  private Failures() {}

  static KubeException notFound(Kind kind, String name) {
    return new KubeException(404, "NotFound", "%s \"%s\" not found".formatted(kind.id(), name));
  }

  static KubeException noSuchAddress() {
    return new KubeException(404, "NotFound", "the server could not find the requested resource");
  }

  static KubeException alreadyThere(Kind kind, String name) {
    return new KubeException(
        409, "AlreadyExists", "%s \"%s\" already exists".formatted(kind.id(), name));
  }

  static KubeException conflict(Kind kind, String name, String why) {
    return new KubeException(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(kind.id(), name, why));
  }

  static KubeException stale(Kind kind, String name) {
    return conflict(
        kind,
        name,
        "the object has been modified; please apply your changes to the latest version and try"
            + " again");
  }

  static KubeException invalid(Kind kind, String name, List<String> errors) {
    String all = errors.size() == 1 ? errors.getFirst() : errors.toString();
    return new KubeException(
        422, "Invalid", "%s \"%s\" is invalid: %s".formatted(kind.qualifiedKind(), name, all));
  }

  static KubeException bad(String message) {
    return new KubeException(400, "BadRequest", message);
  }

  static KubeException expired(String version) {
    return new KubeException(410, "Expired", "too old resource version: " + version);
  }

  static KubeException forbidden(Request request) {
    String resource =
        request.resource().plural()
            + (request.subresource().isEmpty() ? "" : "/" + request.subresource());
    return new KubeException(
        403,
        "Forbidden",
        "%s%s is forbidden: User \"%s\" cannot %s resource \"%s\" in API group \"%s\" %s"
            .formatted(
                request.resource(),
                request.name().isEmpty() ? "" : " \"" + request.name() + "\"",
                request.user(),
                request.verb().text(),
                resource,
                request.resource().group(),
                request.namespace().isEmpty()
                    ? "at the cluster scope"
                    : "in the namespace \"" + request.namespace() + "\""));
  }

  static KubeException noAnswer(String message) {
    return new KubeException(0, "", message, Duration.ZERO, null);
  }
}
