package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.ClientOptions;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpReply;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The SDK's client of one container, and a way past its slow paths: what carries blobs goes as a
/// bare request through the client's pipeline, which signs it (ADR 18). Thread-safe.
///
/// @param prefix of the store's blobs
/// @param faults of requests to this container
record AzureContainer(BlobContainerClient client, String prefix, AzureFaults faults) {
  private static final String DEFAULT_DOMAIN = "blob.core.windows.net";
  private static final int FIRST_REFUSAL = 300;
  private static final HttpHeaderName VERSION = HttpHeaderName.fromString("x-ms-version");
  private static final HttpHeaderName ERROR_CODE = HttpHeaderName.fromString("x-ms-error-code");

  /// Old enough for other clouds and emulators; knows versions and locks of single blobs.
  private static final BlobServiceVersion SERVICE = BlobServiceVersion.V2021_12_02;

  /// @throws StoreException if the settings name no place, or prove nothing
  static AzureContainer of(AzureOptions options, AzureCredentials credentials)
      throws StoreException {
    BlobContainerClientBuilder builder =
        new BlobContainerClientBuilder()
            .endpoint(endpoint(options))
            .containerName(options.container())
            .serviceVersion(SERVICE)
            .httpClient(credentials.client())
            .clientOptions(new ClientOptions().setApplicationId("longshore"))
            // Trying again is up to the caller.
            .retryOptions(
                new RequestRetryOptions(
                    RetryPolicyType.FIXED, 1, (Duration) null, null, null, null));
    credentials.giveTo(builder, options);
    return new AzureContainer(
        builder.buildClient(),
        options.prefix(),
        new AzureFaults(options.storageAccount() + " " + options.container()));
  }

  /// The address of the account.
  private static String endpoint(AzureOptions options) throws StoreException {
    String account = options.storageAccount();
    String domain = options.storageDomain().isEmpty() ? DEFAULT_DOMAIN : options.storageDomain();
    boolean emulator = domain.matches("[0-9.]+(:[0-9]+)?");
    String scheme = options.disableTls() ? "http://" : "https://";
    if (account.matches("[A-Za-z0-9-]+") && options.container().matches("\\$?[A-Za-z0-9-]+")) {
      try {
        URI place = new URI(scheme + (emulator ? domain + "/" + account : account + "." + domain));
        if (place.getHost() != null
            && place.getRawPath().equals(emulator ? "/" + account : "")
            && place.getRawUserInfo() == null
            && place.getRawQuery() == null
            && place.getRawFragment() == null) {
          return place.toString();
        }
      } catch (URISyntaxException e) {
        // Reported below: the exception quotes what may be anything.
      }
    }
    throw new StoreException(
        "the azure store needs an account, a container and a domain with valid names", Retry.NEVER);
  }

  /// A blob of the store, by its name without the prefix.
  BlobClient blob(String name) {
    return client.getBlobClient(prefix + name);
  }

  /// Sends a request about a blob; the reply is a success.
  ///
  /// @param address of the blob, as the SDK says it
  /// @param body null for none
  /// @throws AzureFailure if the server refuses
  /// @throws IOException if there is no answer
  HttpReply send(
      HttpMethod method, String address, Map<HttpHeaderName, String> headers, @Nullable Body body)
      throws IOException {
    HttpRequest request = new HttpRequest(method, address);
    request.setHeader(VERSION, client.getServiceVersion().getVersion());
    headers.forEach(request::setHeader);
    // The SDK signs the word "null" where there is none.
    long length = body == null ? 0 : body.length();
    request.setHeader(HttpHeaderName.CONTENT_LENGTH, Long.toString(length));
    Context context = Context.NONE;
    if (body != null) {
      request.setHeader(HttpHeaderName.CONTENT_TYPE, "application/octet-stream");
      context = new Context(AzureTransport.BODY, body);
    }
    HttpResponse response = client.getHttpPipeline().sendSync(request, context);
    if (!(response instanceof AzureReply reply)) {
      response.close();
      throw new IllegalStateException("the SDK hides answers: " + response.getClass());
    }
    if (reply.getStatusCode() < FIRST_REFUSAL) {
      return reply.reply();
    }
    try (reply) {
      reply.buffer();
      String code = reply.getHeaders().getValue(ERROR_CODE);
      // A code is a word; what is none is not shown.
      boolean word = code != null && code.matches("[A-Za-z0-9]{1,100}");
      throw new AzureFailure(reply.getStatusCode(), word ? code : "");
    }
  }
}
