package dev.longshore.agent.expose;

import dev.longshore.agent.api.Names;
import dev.longshore.agent.api.Transfer;
import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;

/// References from what was made to what it was made for.
public final class Owners {
  private Owners() {}

  /// A claim in Velero's namespace that goes with its transfer.
  static KubeObject claim(Transfer transfer, String name) {
    return KubeObject.of(Resource.CLAIMS, transfer.namespace(), name)
        .withLabel(Names.OWNER_UID_LABEL, transfer.uid())
        .with(
            Json.Arr.of(controller(transfer.kind().resource(), transfer.object())),
            "metadata",
            "ownerReferences");
  }

  /// The reference to what an object was made for, and goes with.
  public static Json.Obj controller(Resource resource, KubeObject owner) {
    return Json.Obj.EMPTY
        .with("apiVersion", resource.apiVersion())
        .with("kind", resource.kind())
        .with("name", owner.name())
        .with("uid", owner.uid())
        .with("controller", true);
  }
}
