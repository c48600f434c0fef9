package dev.longshore.engine.blob.s3;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/// The SDK's source of the credentials that the settings ask for. What runs out is renewed by it.
final class S3Credentials implements AutoCloseable {
  private static final String DEFAULT_SESSION_NAME = "longshore";

  private final AwsCredentialsProvider provider;
  private final @Nullable StsClient sts;

  private S3Credentials(AwsCredentialsProvider provider, @Nullable StsClient sts) {
    this.provider = provider;
    this.sts = sts;
  }

  AwsCredentialsProvider provider() {
    return provider;
  }

  /// Whether credentials that have run out are replaced.
  boolean renewable() {
    return !(provider instanceof StaticCredentialsProvider);
  }

  /// Credentials that somebody else looks after.
  static S3Credentials of(AwsCredentialsProvider provider) {
    return new S3Credentials(provider, null);
  }

  static S3Credentials of(S3Options.Credentials options) throws StoreException {
    S3Options.Role role = options.role();
    if (role.arn().isEmpty()) {
      return new S3Credentials(plain(options), null);
    }
    StsClient sts = sts(options);
    return new S3Credentials(assume(role, sts), sts);
  }

  private static AwsCredentialsProvider plain(S3Options.Credentials options) {
    if (!options.accessKeyId().isEmpty()) {
      return StaticCredentialsProvider.create(
          options.sessionToken().isEmpty()
              ? AwsBasicCredentials.create(options.accessKeyId(), options.secretAccessKey())
              : AwsSessionCredentials.create(
                  options.accessKeyId(), options.secretAccessKey(), options.sessionToken()));
    }
    return options.profile().isEmpty()
        ? DefaultCredentialsProvider.builder().build()
        : ProfileCredentialsProvider.create(options.profile());
  }

  private static StsClient sts(S3Options.Credentials options) throws StoreException {
    S3Options.Role role = options.role();
    boolean webIdentity =
        !role.webIdentityToken().isEmpty() || !role.webIdentityTokenFile().isEmpty();
    StsClientBuilder builder =
        StsClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(
                webIdentity ? AnonymousCredentialsProvider.create() : plain(options))
            .region(Region.of(role.region().isEmpty() ? S3Target.DEFAULT_REGION : role.region()));
    if (!role.endpoint().isEmpty()) {
      try {
        builder.endpointOverride(URI.create(role.endpoint()));
      } catch (IllegalArgumentException e) {
        throw new StoreException("the s3 store's roleEndpoint is no URL", Retry.NEVER);
      }
    }
    return builder.build();
  }

  private static AwsCredentialsProvider assume(S3Options.Role role, StsClient sts)
      throws StoreException {
    Integer seconds = seconds(role.duration());
    String session = role.sessionName().isEmpty() ? DEFAULT_SESSION_NAME : role.sessionName();
    if (!role.webIdentityTokenFile().isEmpty()) {
      return StsWebIdentityTokenFileCredentialsProvider.builder()
          .stsClient(sts)
          .roleArn(role.arn())
          .roleSessionName(session)
          .webIdentityTokenFile(Path.of(role.webIdentityTokenFile()))
          .build();
    }
    if (!role.webIdentityToken().isEmpty()) {
      return StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
          .stsClient(sts)
          .refreshRequest(request ->
              request
                  .roleArn(role.arn())
                  .roleSessionName(session)
                  .webIdentityToken(role.webIdentityToken())
                  .durationSeconds(seconds))
          .build();
    }
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts)
        .refreshRequest(request ->
            request.roleArn(role.arn()).roleSessionName(session).durationSeconds(seconds))
        .build();
  }

  /// Go's `1h30m0s` in seconds; null for none.
  private static @Nullable Integer seconds(String duration) throws StoreException {
    try {
      long seconds = Duration.parse("PT" + duration.toUpperCase(Locale.ROOT)).toSeconds();
      return seconds > 0 ? Integer.valueOf(Math.toIntExact(seconds)) : null;
    } catch (DateTimeException | ArithmeticException e) {
      throw new StoreException(
          "the s3 store's duration of a role is none such as 1h0m0s", Retry.NEVER, e);
    }
  }

  @Override
  public void close() {
    if (provider instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(e); // the SDK's providers throw none
      }
    }
    if (sts != null) {
      sts.close();
    }
  }
}
