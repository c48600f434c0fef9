package dev.longshore.mover.task;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// Where a backup storage location is, without its credentials: what a mover needs of Velero's
/// `BackupStorageLocation`.
///
/// @param name of the resource
/// @param provider `aws`, `azure`, `gcp`, `fs`, with or without `velero.io/` before it, or another
/// @param bucket the bucket or container
/// @param prefix of the location in it; without the repository's own part
/// @param config the provider's settings
/// @param caCertificates PEM, as the resource itself has it; empty: none, or a file
///   ([TaskOption#CA_FILE])
/// @param readOnly nothing may be written
public record StorageLocation(
    String name,
    String provider,
    String bucket,
    String prefix,
    Map<String, String> config,
    String caCertificates,
    boolean readOnly) {
  /// The environment variable that has it as JSON.
  public static final String VARIABLE = "LONGSHORE_LOCATION";

  public StorageLocation {
    config = Map.copyOf(config);
  }

  /// What a `BackupStorageLocation` says.
  public static StorageLocation of(KubeObject location) {
    return new StorageLocation(
        location.name(),
        location.text("spec", "provider"),
        location.text("spec", "objectStorage", "bucket"),
        location.text("spec", "objectStorage", "prefix"),
        location.object("spec", "config").strings(),
        decoded(location.text("spec", "objectStorage", "caCert")),
        location.text("spec", "accessMode").equals("ReadOnly"));
  }

  public String toJson() {
    return JsonCodec.write(
        Json.Obj.EMPTY
            .with("name", name)
            .with("provider", provider)
            .with("bucket", bucket)
            .with("prefix", prefix)
            .with("config", Json.Obj.ofStrings(new TreeMap<>(config)))
            .with("caCertificates", caCertificates)
            .with("readOnly", readOnly));
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return base64; // refused where it is read
    }
  }

  /// @throws IOException if it is not the JSON of a location
  public static StorageLocation parse(String json) throws IOException {
    KubeObject location = new KubeObject(JsonCodec.parseObject(json));
    return new StorageLocation(
        location.text("name"),
        location.text("provider"),
        location.text("bucket"),
        location.text("prefix"),
        location.object("config").strings(),
        location.text("caCertificates"),
        location.flag("readOnly"));
  }
}
