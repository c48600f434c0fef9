package dev.longshore.agent.api;

import dev.longshore.kube.KubeObject;

/// The repository that a mover works with.
///
/// @param namespace whose volumes are in it
/// @param location the resource that says where it is
/// @param resource the repository's own
public record Repository(String namespace, KubeObject location, KubeObject resource) {
  /// Megabytes of cache that `spec.repositoryConfig.cacheLimitMB` allows; 0 where it says nothing.
  public long cacheLimitMegabytes() {
    String text = resource.text("spec", "repositoryConfig", "cacheLimitMB");
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }
}
