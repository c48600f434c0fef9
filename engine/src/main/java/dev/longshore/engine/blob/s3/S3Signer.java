package dev.longshore.engine.blob.s3;

import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Signs requests with the SDK's signer and the credentials the SDK finds.
///
/// The payload is not part of the signature. Over TLS the connection protects it; its checksum is,
/// in any case, a signed header.
final class S3Signer {
  private static final int HTTPS_PORT = 443;

  /// Sent by the transport itself, from the address and the body.
  private static final Set<String> TRANSPORT_HEADERS = Set.of("host", "content-length");

  /// The SDK's parts for people who sign in by a browser are not there.
  private static final Pattern SIGN_IN = Pattern.compile("(?i)\\bsso|'signin'");

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final AwsCredentialsProvider credentials;

  /// @param credentials asked for each request; closed by its owner
  S3Signer(AwsCredentialsProvider credentials) {
    this.credentials = credentials;
  }

  /// The headers to send, by lower-case name.
  ///
  /// @param uri as it is sent
  /// @param clock the server's time
  Map<String, String> sign(S3Request request, URI uri, String region, Clock clock)
      throws StoreException {
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            // The signer hashes payloads that are not encrypted; the protocol is no part of what it
            // signs, and the usual port is left out of the host.
            .protocol("https")
            .host(uri.getHost())
            .port(uri.getPort() < 0 ? HTTPS_PORT : uri.getPort())
            .encodedPath(uri.getRawPath());
    request.query().forEach(unsigned::putRawQueryParameter);
    request.headers().forEach(unsigned::putHeader);
    AwsCredentialsIdentity identity = resolve();
    SdkHttpRequest signed =
        signer
            .sign(builder ->
                builder
                    .identity(identity)
                    .request(unsigned.build())
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                    .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                    .putProperty(AwsV4FamilyHttpSigner.CHUNK_ENCODING_ENABLED, false)
                    .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, false))
            .request();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, List<String>> header : signed.headers().entrySet()) {
      headers.put(header.getKey(), String.join(",", header.getValue()));
    }
    headers.keySet().removeIf(name -> TRANSPORT_HEADERS.contains(name.toLowerCase(Locale.ROOT)));
    return headers;
  }

  private AwsCredentialsIdentity resolve() throws StoreException {
    try {
      return credentials.resolveCredentials();
    } catch (SdkException e) {
      throw new StoreException(
          "no credentials for s3: " + e.getMessage(),
          e.retryable() ? Retry.BACKOFF : Retry.NEVER,
          e);
    } catch (IllegalStateException | IllegalArgumentException e) {
      // What the SDK makes of a profile that it cannot use.
      String message = String.valueOf(e.getMessage());
      String advice =
          SIGN_IN.matcher(message).find()
              ? "; who signs in by SSO gets keys with `aws configure export-credentials --format"
                  + " env`"
              : "";
      throw new StoreException("no credentials for s3: " + message + advice, Retry.NEVER, e);
    }
  }
}
