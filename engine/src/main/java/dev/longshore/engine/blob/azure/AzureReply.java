package dev.longshore.engine.blob.azure;

import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import dev.longshore.engine.blob.remote.HttpReply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// A server's answer as the SDK wants it. What the SDK reads are lists, tokens and refusals, which
/// it gets whole; blobs are read from [#reply].
final class AzureReply extends HttpResponse {
  /// A list of 5,000 blobs takes about 4 MB.
  private static final int MAX_BYTES = 64 << 20;

  private static final int FIRST_REFUSAL = 400;

  private final HttpReply reply;
  private final HttpHeaders headers = new HttpHeaders();
  private byte @Nullable [] body;

  AzureReply(HttpRequest request, HttpReply reply) {
    super(request);
    this.reply = reply;
    reply
        .headers()
        .forEach((name, values) -> {
          if (name != null) { // the status line has none
            headers.set(HttpHeaderName.fromString(name), values);
          }
        });
  }

  HttpReply reply() {
    return reply;
  }

  @Override
  public int getStatusCode() {
    return reply.status();
  }

  @Override
  @Deprecated
  public @Nullable String getHeaderValue(String name) {
    return reply.header(name);
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  /// @throws UncheckedIOException if it ends early or does not end
  private byte[] bytes() {
    byte[] known = body;
    if (known == null) {
      try {
        boolean refused = reply.status() >= FIRST_REFUSAL;
        known = refused ? reply.errorBody() : reply.readAll("the answer", MAX_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      body = known;
    }
    return known;
  }

  @Override
  public BinaryData getBodyAsBinaryData() {
    return BinaryData.fromBytes(bytes());
  }

  @Override
  public InputStream getBodyAsInputStreamSync() {
    return new ByteArrayInputStream(bytes());
  }

  @Override
  public Flux<ByteBuffer> getBody() {
    return Mono.fromCallable(() -> ByteBuffer.wrap(bytes())).flux();
  }

  @Override
  public Mono<byte[]> getBodyAsByteArray() {
    return Mono.fromCallable(this::bytes);
  }

  @Override
  public Mono<String> getBodyAsString() {
    return getBodyAsString(StandardCharsets.UTF_8);
  }

  @Override
  public Mono<String> getBodyAsString(Charset charset) {
    return Mono.fromCallable(() -> new String(bytes(), charset));
  }

  @Override
  public HttpResponse buffer() {
    bytes();
    return this;
  }

  @Override
  public void close() {
    reply.close();
  }
}
