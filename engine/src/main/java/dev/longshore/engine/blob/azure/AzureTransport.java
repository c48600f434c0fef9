package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeader;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import dev.longshore.engine.blob.remote.Body;
import dev.longshore.engine.blob.remote.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// What the SDK sends its requests with: our transport instead of one of its own. Thread-safe.
final class AzureTransport implements HttpClient {
  /// Key of a call's context under which a [Body] comes past the SDK, which would copy it.
  static final Object BODY = "longshore.body";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final HttpTransport transport;

  AzureTransport(HttpTransport transport) {
    this.transport = transport;
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return send(request, Context.NONE);
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request, Context context) {
    return Mono.fromCallable(() -> sendSync(request, context));
  }

  /// @throws UncheckedIOException if there is no answer
  @Override
  public HttpResponse sendSync(HttpRequest request, Context context) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (HttpHeader header : request.getHeaders()) {
      headers.put(header.getName(), header.getValue());
    }
    try {
      URI uri = URI.create(request.getUrl().toString());
      String method = request.getHttpMethod().toString();
      return new AzureReply(request, transport.send(method, uri, headers, body(request, context)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      // Not as a cause: the address may hold a signature.
      throw new UncheckedIOException(new IOException("the address of the request is none"));
    }
  }

  private static @Nullable Body body(HttpRequest request, Context context) {
    Object own = context.getData(BODY).orElse(null);
    if (own instanceof Body body) {
      return body;
    }
    BinaryData data = request.getBodyAsBinaryData();
    if (data != null) {
      return new Body.OfBuffer(data.toByteBuffer());
    }
    HttpMethod method = request.getHttpMethod();
    boolean expected = method == HttpMethod.PUT || method == HttpMethod.POST;
    return expected ? new Body.OfBuffer(NOTHING) : null;
  }
}
