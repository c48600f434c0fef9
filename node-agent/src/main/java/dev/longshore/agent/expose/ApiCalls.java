package dev.longshore.agent.expose;

import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.util.Optional;

/// Calls that may be repeated: what is there already or gone already is no failure.
final class ApiCalls {
  private final KubeApi api;

  ApiCalls(KubeApi api) {
    this.api = api;
  }

  KubeApi api() {
    return api;
  }

  /// Reads an object, if it is there.
  Optional<KubeObject> find(Resource resource, String namespace, String name) throws KubeException {
    return api.lookUp(resource, namespace, name);
  }

  /// Makes an object unless it is there.
  ///
  /// @throws ExposeException if one of this name is there that was made for something else
  KubeObject ensure(Resource resource, KubeObject object, String label)
      throws KubeException, ExposeException {
    try {
      return api.create(resource, object);
    } catch (KubeException e) {
      if (e.isInvalid() || e.isForbidden()) {
        throw new ExposeException(
            "%s %s was refused: %s".formatted(object.kind(), object.name(), e.getMessage()));
      }
      if (!e.isConflict()) {
        throw e;
      }
      KubeObject found = api.get(resource, object.namespace(), object.name());
      if (!found.label(label).equals(object.label(label))) {
        throw new ExposeException(
            "%s %s is there already and belongs to something else"
                .formatted(object.kind(), object.name()));
      }
      return found;
    }
  }

  /// Changes an object by a merge patch.
  ///
  /// @return it as it is now; empty if it is not there
  Optional<KubeObject> patch(Resource resource, KubeObject object, Json.Obj patch)
      throws KubeException {
    try {
      return Optional.of(api.patch(resource, object.namespace(), object.name(), patch));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Asks for the deletion of this very object, unless that was done.
  void delete(Resource resource, KubeObject object) throws KubeException {
    if (object.isBeingDeleted()) {
      return;
    }
    delete(resource, object, DeleteOptions.of(object));
  }

  /// Asks for the deletion of an object.
  void delete(Resource resource, KubeObject object, DeleteOptions options) throws KubeException {
    try {
      api.delete(resource, object.namespace(), object.name(), options);
    } catch (KubeException e) {
      // A conflict: it is another object of that name by now.
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }
}
