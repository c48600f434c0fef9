package dev.longshore.engine.blob.s3;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import java.nio.charset.StandardCharsets;

/// Settings of an S3 store, Kopia's `config` object of the type `s3`.
///
/// JSON, in this order: `bucket`, `prefix`, [Endpoint], [Credentials], `region`,
/// [ThrottlingLimits], `pointInTime`, then what only Longshore knows and Kopia passes over:
/// `profile`, `serverSideEncryption`, `sseKmsKeyID`. Empty and false ones are left out, but for
/// `endpoint` and the strings of the credentials that Kopia always writes.
///
/// Source: kopia 4ebb2be6c `repo/blob/s3/s3_options.go`.
///
/// @param prefix begins the key of each object, without a separator
/// @param pointInTime an RFC 3339 time at which to look at the bucket; empty for now
public record S3Options(
    String bucket,
    String prefix,
    Endpoint endpoint,
    Credentials credentials,
    Encryption encryption,
    ThrottlingLimits limits,
    String pointInTime) {
  /// Where Kopia looks unless it is told otherwise.
  public static final String DEFAULT_HOST = "s3.amazonaws.com";

  /// Where the server is and how it is spoken to.
  ///
  /// JSON: `endpoint`, `doNotUseTLS`, `doNotVerifyTLS`, `rootCA` (PEM in base64), `region`.
  ///
  /// @param host a name or address, with a port if it is not the usual one
  /// @param rootCaPem certificates that are trusted instead of the system's; empty for the system's
  /// @param region empty to find it out
  public record Endpoint(
      String host, String region, boolean disableTls, boolean disableVerification, Pem rootCaPem) {
    /// TLS as the system has it.
    public static Endpoint of(String host) {
      return new Endpoint(host, "", false, false, Pem.NONE);
    }
  }

  /// Certificates as text.
  public record Pem(String text) {
    /// No certificates.
    public static final Pem NONE = new Pem("");

    boolean isEmpty() {
      return text.isEmpty();
    }

    @Override
    public String toString() {
      return "Pem[" + text.length() + " characters]";
    }
  }

  /// Who the client says it is: these keys, or, with a role, who these keys or a web identity can
  /// become. Without keys the SDK looks for some: in the environment, the profile, a web identity
  /// named by the environment, the container, the machine. All but plain keys are renewed in time.
  ///
  /// JSON: `accessKeyID`, `secretAccessKey`, `sessionToken`, then [Role]; `profile` at the end.
  ///
  /// @param profile section of the shared credentials file; empty for none in particular
  public record Credentials(
      String accessKeyId, String secretAccessKey, String sessionToken, String profile, Role role) {
    /// Whatever the SDK finds.
    public static final Credentials FOUND = of("", "", "");

    /// Plain keys.
    public static Credentials of(String accessKeyId, String secretAccessKey, String sessionToken) {
      return new Credentials(accessKeyId, secretAccessKey, sessionToken, "", Role.NONE);
    }

    @Override
    public String toString() {
      return "Credentials[" + accessKeyId + "]";
    }
  }

  /// A role to take on.
  ///
  /// JSON: `webIdentityToken`, `webIdentityTokenFile`, `roleARN`, `sessionName`, `duration` (as Go
  /// writes durations), `roleEndpoint`, `roleRegion`.
  ///
  /// @param duration how long credentials are to last, `1h0m0s`; `0s` for the server's choice
  public record Role(
      String webIdentityToken,
      String webIdentityTokenFile,
      String arn,
      String sessionName,
      String duration,
      String endpoint,
      String region) {
    /// No role.
    public static final Role NONE = new Role("", "", "", "", "0s", "", "");

    @Override
    public String toString() {
      return "Role[" + arn + "]";
    }
  }

  /// How the server is to encrypt what it stores, on top of the repository's own encryption.
  ///
  /// @param algorithm `AES256`, `aws:kms` or `aws:kms:dsse`; empty for the bucket's default
  /// @param kmsKeyId empty for the account's default
  public record Encryption(String algorithm, String kmsKeyId) {
    /// The bucket's default.
    public static final Encryption DEFAULT = new Encryption("", "");
  }

  /// Plain settings.
  public static S3Options of(
      String bucket, String prefix, Endpoint endpoint, Credentials credentials) {
    return new S3Options(
        bucket, prefix, endpoint, credentials, Encryption.DEFAULT, ThrottlingLimits.NONE, "");
  }

  /// Reads the `config` object.
  ///
  /// @throws CorruptException if it is not such JSON
  public static S3Options parse(byte[] json) throws CorruptException {
    return S3OptionsReader.read(json);
  }

  /// The `config` object, compact.
  public String toJson() {
    GoJsonWriter json = new GoJsonWriter().beginObject();
    json.field("bucket", bucket);
    json.fieldUnlessEmpty("prefix", prefix);
    json.field("endpoint", endpoint.host);
    json.fieldIfTrue("doNotUseTLS", endpoint.disableTls);
    json.fieldIfTrue("doNotVerifyTLS", endpoint.disableVerification);
    if (!endpoint.rootCaPem.isEmpty()) {
      json.name("rootCA").base64(endpoint.rootCaPem.text.getBytes(StandardCharsets.UTF_8));
    }
    json.field("accessKeyID", credentials.accessKeyId);
    json.field("secretAccessKey", credentials.secretAccessKey);
    json.field("sessionToken", credentials.sessionToken);
    Role role = credentials.role;
    json.fieldUnlessEmpty("webIdentityToken", role.webIdentityToken);
    json.fieldUnlessEmpty("webIdentityTokenFile", role.webIdentityTokenFile);
    json.field("roleARN", role.arn);
    json.field("sessionName", role.sessionName);
    json.field("duration", role.duration);
    json.field("roleEndpoint", role.endpoint);
    json.field("roleRegion", role.region);
    json.fieldUnlessEmpty("region", endpoint.region);
    limits.writeTo(json);
    json.fieldUnlessEmpty("pointInTime", pointInTime);
    json.fieldUnlessEmpty("profile", credentials.profile);
    json.fieldUnlessEmpty("serverSideEncryption", encryption.algorithm);
    json.fieldUnlessEmpty("sseKmsKeyID", encryption.kmsKeyId);
    return new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
  }
}
