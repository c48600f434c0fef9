package dev.longshore.kube.server;

import dev.longshore.kube.Resource;
import org.jspecify.annotations.Nullable;

/// A kind that the server keeps.
///
/// @param status whether it has the status subresource
/// @param generation whether the server counts changes of its specification
/// @param custom whether it came by a CustomResourceDefinition
/// @param schema what objects are pruned and checked by; null for none
record Kind(
    Resource resource,
    boolean status,
    boolean generation,
    boolean custom,
    @Nullable Schema schema) {
  /// How it is called in the store and in messages: `pods`, `datauploads.velero.io`.
  String id() {
    return resource.toString();
  }

  boolean is(Resource other) {
    return resource.equals(other);
  }

  /// As messages about invalid objects have it: `DataUpload.velero.io`.
  String qualifiedKind() {
    return resource.group().isEmpty() ? resource.kind() : resource.kind() + "." + resource.group();
  }
}
