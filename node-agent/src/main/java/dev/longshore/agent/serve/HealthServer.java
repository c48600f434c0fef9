package dev.longshore.agent.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/// `/livez`, `/readyz` and `/metrics`. Safe for use by many threads.
public final class HealthServer implements AutoCloseable {
  /// A loop that has not turned for so long hangs.
  private static final Duration HANGING = Duration.ofMinutes(2);

  private final InstantSource clock;
  private final BooleanSupplier ready;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Instant turned;

  /// Writes the metrics.
  @FunctionalInterface
  public interface Metrics {
    void write(OutputStream out) throws IOException;
  }

  /// @param address where to listen; port 0 takes a free one
  /// @param contentType of the metrics
  public HealthServer(
      InetSocketAddress address,
      InstantSource clock,
      BooleanSupplier ready,
      Metrics metrics,
      String contentType)
      throws IOException {
    this.clock = clock;
    this.ready = ready;
    this.turned = clock.instant();
    this.server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/livez", exchange -> answer(exchange, isAlive(), "the loop hangs"));
    server.createContext(
        "/readyz", exchange -> answer(exchange, this.ready.getAsBoolean(), "not synced yet"));
    server.createContext(
        "/metrics",
        exchange -> {
          ByteArrayOutputStream text = new ByteArrayOutputStream();
          metrics.write(text);
          exchange.getResponseHeaders().set("Content-Type", contentType);
          send(exchange, 200, text.toByteArray());
        });
    server.start();
  }

  /// The loop has turned.
  public void turned() {
    turned = clock.instant();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  private boolean isAlive() {
    return Duration.between(turned, clock.instant()).compareTo(HANGING) < 0;
  }

  private static void answer(HttpExchange exchange, boolean good, String otherwise)
      throws IOException {
    byte[] text = ((good ? "ok" : otherwise) + "\n").getBytes(StandardCharsets.UTF_8);
    send(exchange, good ? 200 : 503, text);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
