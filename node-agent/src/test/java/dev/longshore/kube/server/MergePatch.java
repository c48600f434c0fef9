package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import org.jspecify.annotations.Nullable;

/// JSON merge patches (RFC 7386).
final class MergePatch {
  private MergePatch() {}

  static Json.Obj apply(Json.@Nullable Obj target, Json.Obj patch) {
    Json.Obj result = target == null ? Json.Obj.EMPTY : target;
    for (var change : patch.fields().entrySet()) {
      String name = change.getKey();
      result =
          switch (change.getValue()) {
            case Json.Null _ -> result.without(name);
            case Json.Obj inner ->
                result.with(
                    name, apply(result.get(name) instanceof Json.Obj old ? old : null, inner));
            case Json value -> result.with(name, value);
          };
    }
    return result;
  }
}
