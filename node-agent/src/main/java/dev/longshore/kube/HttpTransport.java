package dev.longshore.kube;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends requests and says what came of them. Safe for use by many threads.
final class HttpTransport implements AutoCloseable {
  private static final int ATTEMPTS = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final int UNAUTHORIZED = 401;

  private final Cluster cluster;
  private final Limits limits;
  private final Pace pace;
  private final HttpClient client;
  private volatile boolean closed;

  /// HTTP/1.1: a connection that hangs holds up one request or watch and not all of them, as it
  /// would in version 2, where the JDK does not look after quiet connections.
  HttpTransport(Cluster cluster, Limits limits, Pace pace) {
    this.cluster = cluster;
    this.limits = limits;
    this.pace = pace;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(limits.connect());
    cluster.tls().ifPresent(builder::sslContext);
    client = builder.build();
  }

  /// Takes an answer in.
  @FunctionalInterface
  interface Reader<T> {
    /// @param body never longer than the limit
    T read(InputStream body) throws IOException;
  }

  /// Sends a request, more than once if it has to be and may be.
  <T> T send(HttpCall call, Reader<T> reader) throws KubeException {
    long patience = limits.patience().toMillis();
    for (int attempt = 1; ; attempt++) {
      try {
        return once(call, reader);
      } catch (KubeException e) {
        boolean renewed = e.code() == UNAUTHORIZED && attempt == 1 && cluster.token().refresh();
        long pause = renewed ? 0 : pause(e, attempt);
        if (closed
            || attempt == ATTEMPTS
            || pause > patience
            || !(renewed || isRepeatable(call, e))) {
          throw e;
        }
        patience -= pause;
        sleep(pause, e);
      }
    }
  }

  /// A write that got no answer, or a strange one, may have happened; one that the server refused
  /// unread, or that never left, has not.
  private static boolean isRepeatable(HttpCall call, KubeException failure) {
    Throwable cause = failure.getCause();
    if (failure.code() == 429
        || cause instanceof ConnectException
        || cause instanceof HttpConnectTimeoutException) {
      return true;
    }
    boolean interrupted = cause instanceof InterruptedException;
    return call.isRead() && !interrupted && (failure.code() == 0 || failure.code() >= 500);
  }

  private long pause(KubeException failure, int attempt) {
    long millis = FIRST_PAUSE.toMillis() << (attempt - 1);
    return Math.max(
        millis / 2 + pace.random().nextLong(millis / 2 + 1), failure.retryAfter().toMillis());
  }

  private void sleep(long millis, KubeException before) throws KubeException {
    try {
      pace.sleeper().sleep(Duration.ofMillis(millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw before;
    }
  }

  private <T> T once(HttpCall call, Reader<T> reader) throws KubeException {
    long end = System.nanoTime() + limits.request().toNanos();
    HttpResponse<InputStream> response = exchange(call, BodyHandlers.ofInputStream());
    InputStream body = new BoundedInput(response.body(), limits.body());
    var watchdog =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    var _ = watchdog.thenRun(() -> closeQuietly(response.body()));
    try (body) {
      if (response.statusCode() / 100 != 2) {
        throw Answers.failure(call, response, body);
      }
      Answers.checkType(call, response);
      return reader.read(body);
    } catch (IOException e) {
      if (e instanceof KubeException known) {
        throw known;
      }
      throw watchdog.getNow(false)
          ? noAnswer(call, "the answer took longer than " + limits.request(), e)
          : noAnswer(call, "the answer cannot be read: " + e.getMessage(), e);
    } finally {
      watchdog.cancel(false);
    }
  }

  private static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // whoever reads it finds out
    }
  }

  /// Opens a watch; the server is asked to end it after a while that differs from one to the next.
  Watch watch(Address address) throws KubeException {
    long seconds = limits.watch().toSeconds();
    long life = seconds + pace.random().nextLong(seconds + 1);
    HttpCall call = HttpCall.get(address.with("timeoutSeconds", Long.toString(life)));
    try {
      return openWatch(call);
    } catch (KubeException e) {
      if (e.code() == UNAUTHORIZED && cluster.token().refresh()) {
        return openWatch(call);
      }
      throw e;
    }
  }

  private Watch openWatch(HttpCall call) throws KubeException {
    EventLines lines = new EventLines(limits.event());
    HttpResponse<EventLines> response = exchange(call, info -> lines);
    try {
      if (response.statusCode() / 100 != 2) {
        throw Answers.failure(call, response, lines.whole(limits.request()));
      }
      Answers.checkType(call, response);
    } catch (KubeException e) {
      lines.close();
      throw e;
    }
    return new HttpWatch(call, lines, limits.silence());
  }

  private <T> HttpResponse<T> exchange(HttpCall call, BodyHandler<T> handler) throws KubeException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(call.address().at(cluster.server()))
            .header("Accept", "application/json")
            .header("User-Agent", "longshore");
    Json.Obj body = call.body();
    if (body != null) {
      request.header("Content-Type", call.type());
    }
    request.method(
        call.method(),
        body == null
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(JsonCodec.writeBytes(body)));
    String token = cluster.token().current();
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    cluster.headers().forEach((name, values) -> values.forEach(v -> request.header(name, v)));
    CompletableFuture<HttpResponse<T>> response = client.sendAsync(request.build(), handler);
    try {
      return response.get(limits.request().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw noAnswer(call, String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw noAnswer(call, "no answer within " + limits.request(), e);
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw noAnswer(call, "interrupted", e);
    }
  }

  private KubeException noAnswer(HttpCall call, String why, Throwable cause) {
    String message = "%s: %s (server %s)".formatted(call, why, cluster.server());
    return new KubeException(0, "", message, Duration.ZERO, cause);
  }

  @Override
  public void close() {
    closed = true;
    client.shutdownNow();
  }
}
