package dev.longshore.agent.world;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Resource;
import java.time.InstantSource;

/// Events as Kubernetes' own controllers send them.
public final class Events {
  private Events() {}

  /// An event.
  ///
  /// @param type `Normal` or `Warning`
  public record Note(KubeObject about, String type, String reason, String message) {}

  public static void send(KubeApi api, InstantSource clock, Note note) throws KubeException {
    String namespace = note.about.namespace().isEmpty() ? "default" : note.about.namespace();
    KubeObject event =
        KubeObject.of(Resource.EVENTS, namespace, "")
            .without("metadata", "name")
            .with(note.about.name() + ".", "metadata", "generateName")
            .with(reference(note.about), "involvedObject")
            .with(note.type, "type")
            .with(note.reason, "reason")
            .with(note.message, "message")
            .with(1, "count")
            .with(clock.instant(), "firstTimestamp")
            .with(clock.instant(), "lastTimestamp");
    api.create(Resource.EVENTS, event);
  }

  /// An object reference, as in events and claims.
  public static Json.Obj reference(KubeObject object) {
    Json.Obj reference =
        Json.Obj.EMPTY
            .with("apiVersion", object.text("apiVersion"))
            .with("kind", object.kind())
            .with("name", object.name())
            .with("uid", object.uid());
    return object.namespace().isEmpty()
        ? reference
        : reference.with("namespace", object.namespace());
  }
}
