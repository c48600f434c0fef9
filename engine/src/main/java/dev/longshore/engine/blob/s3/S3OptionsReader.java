package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonInput;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Reads [S3Options] from JSON.
final class S3OptionsReader {
  private static final Set<String> STRINGS =
      Set.of(
          "bucket",
          "prefix",
          "endpoint",
          "accessKeyID",
          "secretAccessKey",
          "sessionToken",
          "webIdentityToken",
          "webIdentityTokenFile",
          "roleARN",
          "sessionName",
          "duration",
          "roleEndpoint",
          "roleRegion",
          "region",
          "pointInTime",
          "profile",
          "serverSideEncryption",
          "sseKmsKeyID");

  private final Map<String, String> strings = new HashMap<>();

  private S3OptionsReader() {}

  static S3Options read(byte[] json) throws CorruptException {
    S3OptionsReader found = new S3OptionsReader();
    boolean disableTls = false;
    boolean disableVerification = false;
    String rootCa = "";
    ThrottlingLimits limits = ThrottlingLimits.NONE;
    try (JsonInput in = JsonInput.of("s3 config", json)) {
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        switch (name) {
          case "doNotUseTLS" -> disableTls = in.bool();
          case "doNotVerifyTLS" -> disableVerification = in.bool();
          case "rootCA" -> rootCa = new String(in.base64(), StandardCharsets.UTF_8);
          default -> {
            if (STRINGS.contains(name)) {
              found.strings.put(name, in.string());
            } else {
              limits = limits.with(name, in);
            }
          }
        }
      }
      in.finish();
    }
    return new S3Options(
        found.get("bucket"),
        found.get("prefix"),
        new S3Options.Endpoint(
            found.get("endpoint"),
            found.get("region"),
            disableTls,
            disableVerification,
            new S3Options.Pem(rootCa)),
        found.credentials(),
        new S3Options.Encryption(found.get("serverSideEncryption"), found.get("sseKmsKeyID")),
        limits,
        found.get("pointInTime"));
  }

  private S3Options.Credentials credentials() {
    return new S3Options.Credentials(
        get("accessKeyID"),
        get("secretAccessKey"),
        get("sessionToken"),
        get("profile"),
        new S3Options.Role(
            get("webIdentityToken"),
            get("webIdentityTokenFile"),
            get("roleARN"),
            get("sessionName"),
            strings.getOrDefault("duration", "0s"),
            get("roleEndpoint"),
            get("roleRegion")));
  }

  private String get(String name) {
    return strings.getOrDefault(name, "");
  }
}
