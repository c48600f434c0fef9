package dev.longshore.kube;

import java.util.Optional;

/// The Kubernetes API. Safe for use by many threads.
///
/// Every method is one request, except that an implementation may repeat what the server refused
/// unread (429) or what changes nothing. A failure is a [KubeException]; a write that fails without
/// an answer may have happened.
public interface KubeApi {
  /// Reads an object.
  ///
  /// @param namespace empty for kinds without namespaces
  KubeObject get(Resource resource, String namespace, String name) throws KubeException;

  /// Reads an object, if it is there.
  ///
  /// @param namespace empty for kinds without namespaces
  default Optional<KubeObject> lookUp(Resource resource, String namespace, String name)
      throws KubeException {
    try {
      return Optional.of(get(resource, namespace, name));
    } catch (KubeException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Reads one page of objects.
  ///
  /// @param namespace empty for all of them
  KubeList list(Resource resource, String namespace, ListOptions options) throws KubeException;

  /// Makes an object, in the namespace that it names.
  ///
  /// @return it as the server has it
  KubeObject create(Resource resource, KubeObject object) throws KubeException;

  /// Writes an object whole. With a `resourceVersion` it fails as a conflict when somebody else has
  /// written since; without, the last one wins. The status of kinds that have the subresource stays
  /// as it is.
  KubeObject replace(Resource resource, KubeObject object) throws KubeException;

  /// Writes the status of a kind that has the subresource; the rest stays as it is.
  KubeObject replaceStatus(Resource resource, KubeObject object) throws KubeException;

  /// Changes fields by a JSON merge patch (RFC 7386); a `resourceVersion` in it is checked.
  KubeObject patch(Resource resource, String namespace, String name, Json.Obj patch)
      throws KubeException;

  /// Asks for the deletion of an object; finalizers may delay it. Its dependents follow in the
  /// background.
  void delete(Resource resource, String namespace, String name, DeleteOptions options)
      throws KubeException;

  /// Asks for a token of a service account.
  ///
  /// @param request a TokenRequest
  /// @return the request with the token in its status
  KubeObject createToken(String namespace, String serviceAccount, KubeObject request)
      throws KubeException;

  /// Watches objects from a version on, which a list gave.
  ///
  /// @return to be closed by the caller
  Watch watch(Resource resource, String namespace, ListOptions options) throws KubeException;
}
