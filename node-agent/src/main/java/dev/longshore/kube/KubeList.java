package dev.longshore.kube;

import java.util.List;

/// A page of objects.
///
/// @param resourceVersion where a watch goes on
/// @param continueFrom the token of the next page; empty after the last
public record KubeList(List<KubeObject> items, String resourceVersion, String continueFrom) {
  public KubeList {
    items = List.copyOf(items);
  }
}
