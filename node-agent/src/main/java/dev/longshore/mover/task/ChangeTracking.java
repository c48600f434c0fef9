package dev.longshore.mover.task;

import dev.longshore.cbt.MetadataService;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.util.Optional;

/// Whom a backup in blocks asks which blocks it has to read; in the environment of the mover's pod.
///
/// @param namespace of the snapshot and the account
/// @param snapshot the VolumeSnapshot that is backed up
/// @param account the service account whose tokens the service knows
/// @param service empty if there is none
/// @param absence why there is none
public record ChangeTracking(
    String namespace,
    String snapshot,
    String account,
    Optional<MetadataService> service,
    String absence) {
  /// The variable that has the JSON.
  public static final String VARIABLE = "LONGSHORE_CHANGE_TRACKING";

  /// Nobody to ask.
  public static ChangeTracking absent(String reason) {
    return new ChangeTracking("", "", "", Optional.empty(), reason);
  }

  /// This as JSON.
  public String toJson() {
    Json.Obj json =
        Json.Obj.EMPTY
            .with("namespace", namespace)
            .with("snapshot", snapshot)
            .with("account", account)
            .with("absence", absence);
    return JsonCodec.write(service.map(found -> json.with("service", found.toJson())).orElse(json));
  }

  /// Reads what [#toJson] has written.
  ///
  /// @throws IOException if it is something else
  public static ChangeTracking parse(String json) throws IOException {
    KubeObject fields = new KubeObject(JsonCodec.parseObject(json));
    return new ChangeTracking(
        fields.text("namespace"),
        fields.text("snapshot"),
        fields.text("account"),
        fields.at("service") == null
            ? Optional.empty()
            : Optional.of(MetadataService.parse(fields.object("service"))),
        fields.text("absence"));
  }
}
