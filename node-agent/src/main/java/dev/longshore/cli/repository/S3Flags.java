package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.blob.s3.S3Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// An S3 bucket as a store: the flags of `create s3` and `connect s3`.
final class S3Flags {
  @Option(
      names = "--bucket",
      required = true,
      paramLabel = "BUCKET",
      description = "Name of the bucket.")
  String bucket = "";

  @Option(
      names = "--endpoint",
      paramLabel = "HOST[:PORT]",
      description = "Server to use (default: s3.amazonaws.com).")
  String endpoint = S3Options.DEFAULT_HOST;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "Region of the bucket; found out if not given.")
  String region = "";

  @Option(
      names = "--access-key",
      paramLabel = "ID",
      description =
          "Access key id ($AWS_ACCESS_KEY_ID). Without one, credentials are looked for in profiles,"
              + " web identity and the machine's metadata, and renewed when they run out.")
  @Nullable String accessKey;

  @Option(
      names = "--secret-access-key",
      paramLabel = "KEY",
      description = "Secret access key ($AWS_SECRET_ACCESS_KEY).")
  @Nullable String secretAccessKey;

  @Option(
      names = "--session-token",
      paramLabel = "TOKEN",
      description = "Session token ($AWS_SESSION_TOKEN).")
  @Nullable String sessionToken;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description =
          "Profile of the shared credentials file, which is read at each start. Kopia does not know"
              + " it.")
  @Nullable String profile;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Begins the name of each object; end it with a slash to make a folder of it.")
  String prefix = "";

  @Option(names = "--disable-tls", negatable = true, description = "Speak plain HTTP.")
  boolean disableTls;

  @Option(
      names = "--disable-tls-verification",
      negatable = true,
      description = "Trust whatever certificate the server has.")
  boolean disableTlsVerification;

  @Option(
      names = "--root-ca-pem-base64",
      paramLabel = "BASE64",
      description = "Certificate authority to trust, PEM in base64 ($ROOT_CA_PEM_BASE64).")
  @Nullable String rootCaPemBase64;

  @Option(
      names = "--root-ca-pem-path",
      paramLabel = "FILE",
      description = "Certificate authority to trust, as a PEM file.")
  @Nullable String rootCaPemPath;

  @Option(
      names = "--server-side-encryption",
      paramLabel = "ALGO",
      description =
          "Ask the server to encrypt as well: AES256, aws:kms or aws:kms:dsse. Kopia does not know"
              + " it.")
  String serverSideEncryption = "";

  @Option(
      names = "--sse-kms-key-id",
      paramLabel = "ID",
      description = "KMS key of --server-side-encryption (default: the account's).")
  String kmsKeyId = "";

  @Option(
      names = "--point-in-time",
      paramLabel = "TIME",
      description = "Look at a bucket with versions as it was at this RFC 3339 time.")
  String pointInTime = "";

  @Mixin final SpeedFlags speed = new SpeedFlags();

  /// The store these flags name.
  StoreLocation location(Cli cli) throws IOException {
    if (!pointInTime.isEmpty()) {
      try {
        OffsetDateTime.parse(pointInTime);
      } catch (DateTimeException e) {
        throw usage("--point-in-time: not a time such as 2026-01-02T15:04:05Z");
      }
    }
    if (!kmsKeyId.isEmpty() && !serverSideEncryption.startsWith("aws:kms")) {
      throw usage("--sse-kms-key-id needs --server-side-encryption=aws:kms");
    }
    var options =
        new S3Options(
            bucket,
            prefix,
            new S3Options.Endpoint(
                endpoint, region, disableTls, disableTlsVerification, rootCa(cli)),
            credentials(cli),
            new S3Options.Encryption(serverSideEncryption, kmsKeyId),
            speed.limits(),
            pointInTime);
    return new StoreLocation("s3", options.toJson());
  }

  void refusePointInTime() {
    if (!pointInTime.isEmpty()) {
      throw usage("--point-in-time: a new repository has no past");
    }
  }

  private S3Options.Credentials credentials(Cli cli) {
    if (profile != null) {
      if (accessKey != null || secretAccessKey != null || sessionToken != null) {
        throw usage("--profile: keys are given as well");
      }
      return new S3Options.Credentials("", "", "", profile, S3Options.Role.NONE);
    }
    String id = chosen(cli, accessKey, "AWS_ACCESS_KEY_ID");
    String secret = chosen(cli, secretAccessKey, "AWS_SECRET_ACCESS_KEY");
    if (id.isEmpty() != secret.isEmpty()) {
      throw usage("--access-key and --secret-access-key go together");
    }
    return id.isEmpty()
        ? S3Options.Credentials.FOUND
        : S3Options.Credentials.of(id, secret, chosen(cli, sessionToken, "AWS_SESSION_TOKEN"));
  }

  private S3Options.Pem rootCa(Cli cli) throws IOException {
    String base64 = chosen(cli, rootCaPemBase64, "ROOT_CA_PEM_BASE64");
    if (rootCaPemPath != null) {
      if (rootCaPemBase64 != null) {
        throw usage("--root-ca-pem-base64 and --root-ca-pem-path exclude each other");
      }
      return new S3Options.Pem(
          Files.readString(cli.terminal().workingDirectory().resolve(rootCaPemPath)));
    }
    try {
      return new S3Options.Pem(
          new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw usage("--root-ca-pem-base64: not base64");
    }
  }

  private static String chosen(Cli cli, @Nullable String flag, String variable) {
    return flag != null ? flag : cli.terminal().variable(variable).orElse("");
  }

  private static CommandFailure usage(String problem) {
    return new CommandFailure(ExitCode.USAGE, problem);
  }
}
