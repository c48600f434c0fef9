package dev.longshore.mover.store;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.blob.s3.S3Options;
import dev.longshore.mover.run.MoverFailure;
import dev.longshore.mover.task.StorageLocation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/// A location of the provider `aws`, or of any that has an `s3Url`.
///
/// | Key of `config` | Use |
/// |---|---|
/// | `region` | without one, the bucket is asked |
/// | `s3Url` | the server; `http:` means no TLS; without one, Amazon's for the region |
/// | `insecureSkipTLSVerify` | `true`: any certificate will do |
/// | `profile` | section of the credentials file |
/// | `serverSideEncryption`, `kmsKeyId` | how the server is to encrypt what it stores |
/// | `s3ForcePathStyle` and others | of no use: how a bucket is named is found out |
final class S3Settings {
  private static final String DEFAULT_PROFILE = "default";

  private S3Settings() {}

  static StoreSettings of(StorageLocation location, LocationReader.Access access)
      throws MoverFailure {
    String bucket = LocationReader.trimmed(location.bucket());
    if (bucket.isEmpty()) {
      throw LocationReader.bad("the storage location " + location.name() + " names no bucket");
    }
    S3Options options =
        new S3Options(
            bucket,
            LocationReader.prefix(location, access),
            endpoint(location, access.caPem()),
            credentials(location, access),
            encryption(location.config()),
            ThrottlingLimits.NONE,
            "");
    return new StoreSettings("s3", options.toJson());
  }

  private static S3Options.Endpoint endpoint(StorageLocation location, String caPem)
      throws MoverFailure {
    Map<String, String> config = location.config();
    String region = LocationReader.trimmed(config.getOrDefault("region", ""));
    String url = config.getOrDefault("s3Url", "");
    boolean anyCertificate = isTrue(config.getOrDefault("insecureSkipTLSVerify", ""));
    S3Options.Pem ca = new S3Options.Pem(caPem);
    if (url.isEmpty()) {
      return new S3Options.Endpoint(amazonHost(region), region, false, anyCertificate, ca);
    }
    URI server = server(location, url);
    boolean plain = "http".equalsIgnoreCase(server.getScheme());
    return new S3Options.Endpoint(server.getRawAuthority(), region, plain, anyCertificate, ca);
  }

  private static String amazonHost(String region) {
    if (region.isEmpty()) {
      return S3Options.DEFAULT_HOST;
    }
    return "s3." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : "");
  }

  private static URI server(StorageLocation location, String url) throws MoverFailure {
    try {
      URI server = new URI(url.contains("://") ? url : "https://" + url);
      String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
      String path = server.getRawPath() == null ? "" : server.getRawPath();
      boolean bare = path.isEmpty() || path.equals("/");
      if (server.getHost() != null
          && bare
          && server.getRawUserInfo() == null
          && server.getRawQuery() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        return server;
      }
    } catch (URISyntaxException e) {
      // Told below: the exception quotes what may be anything.
    }
    throw LocationReader.bad(
        "the s3Url of the storage location "
            + location.name()
            + " is not http://HOST or https://HOST, with a port if need be and without a path");
  }

  private static S3Options.Encryption encryption(Map<String, String> config) {
    String key = config.getOrDefault("kmsKeyId", "");
    String algorithm = config.getOrDefault("serverSideEncryption", "");
    return new S3Options.Encryption(
        algorithm.isEmpty() && !key.isEmpty() ? "aws:kms" : algorithm, key);
  }

  /// Keys of a file as they are there; for all else, what the SDK finds and renews.
  private static S3Options.Credentials credentials(
      StorageLocation location, LocationReader.Access access) throws MoverFailure {
    String profile = location.config().getOrDefault("profile", "");
    if (access.credentials().isBlank()) {
      return new S3Options.Credentials("", "", "", profile, S3Options.Role.NONE);
    }
    ProfilesFile file = ProfilesFile.parse(access.credentials());
    return of(file, profile.isEmpty() ? DEFAULT_PROFILE : profile, location);
  }

  private static S3Options.Credentials of(
      ProfilesFile file, String profile, StorageLocation location) throws MoverFailure {
    Map<String, String> section = section(file, profile);
    String arn = section.getOrDefault("role_arn", "");
    if (arn.isEmpty()) {
      return keys(section, profile, S3Options.Role.NONE);
    }
    if (section.containsKey("external_id") || section.containsKey("mfa_serial")) {
      throw LocationReader.bad(
          "the section ["
              + profile
              + "] of the credentials names an external id or a device for"
              + " its role, which is not supported");
    }
    String seconds = section.getOrDefault("duration_seconds", "0");
    S3Options.Role role =
        new S3Options.Role(
            "",
            section.getOrDefault("web_identity_token_file", ""),
            arn,
            section.getOrDefault("role_session_name", ""),
            (seconds.matches("[0-9]{1,6}") ? seconds : "0") + "s",
            "",
            section.getOrDefault("region", location.config().getOrDefault("region", "")));
    String source = section.getOrDefault("source_profile", "");
    if (!role.webIdentityTokenFile().isEmpty() || source.isEmpty()) {
      return new S3Options.Credentials("", "", "", "", role);
    }
    return keys(section(file, source), source, role);
  }

  private static Map<String, String> section(ProfilesFile file, String profile)
      throws MoverFailure {
    return file.section(profile)
        .orElseThrow(() -> LocationReader.bad("the credentials have no section [" + profile + "]"));
  }

  private static S3Options.Credentials keys(
      Map<String, String> section, String profile, S3Options.Role role) throws MoverFailure {
    String id = section.getOrDefault("aws_access_key_id", "");
    String secret = section.getOrDefault("aws_secret_access_key", "");
    if (id.isEmpty() || secret.isEmpty()) {
      throw LocationReader.bad(
          "the section ["
              + profile
              + "] of the credentials has no aws_access_key_id with an aws_secret_access_key, and"
              + " no role_arn");
    }
    return new S3Options.Credentials(
        id, secret, section.getOrDefault("aws_session_token", ""), "", role);
  }

  static boolean isTrue(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      default -> false;
    };
  }
}
