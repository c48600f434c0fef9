package dev.longshore.agent.expose;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;

/// References from what was made to what it was made for.
final class Owners {
  private Owners() {}

  static Json.Obj controller(Resource resource, KubeObject owner) {
    return Json.Obj.EMPTY
        .with("apiVersion", resource.apiVersion())
        .with("kind", resource.kind())
        .with("name", owner.name())
        .with("uid", owner.uid())
        .with("controller", true);
  }
}
