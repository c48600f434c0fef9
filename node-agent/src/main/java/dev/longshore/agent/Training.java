package dev.longshore.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Executors;

/// Runs the agent for a few seconds in an empty cluster, so that the JVM can record which classes
/// it loads. Started by the build only; `$KUBECONFIG` names a file that is made.
final class Training {
  private static final long MILLIS = 6_000;

  private static final String LIST =
      "{\"kind\":\"List\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}";

  private static final String NOT_FOUND =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}";

  private static final String DAEMON_SET =
      """
      {"kind":"DaemonSet","apiVersion":"apps/v1","metadata":{"name":"longshore-node-agent","namespace":"velero"},
       "spec":{"template":{"spec":{"containers":[{"name":"node-agent","image":"longshore"}]}}}}
      """;

  private Training() {}

  public static void main(String[] args) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-", 0).factory()));
    server.createContext("/", Training::answer);
    server.start();
    Files.writeString(
        Path.of(Objects.requireNonNull(System.getenv("KUBECONFIG"))),
        """
        apiVersion: v1
        kind: Config
        current-context: c
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: training}}]
        contexts: [{name: c, context: {cluster: c, user: u, namespace: velero}}]
        """
            .formatted(server.getAddress().getPort()));
    Thread.ofPlatform().daemon().start(Training::endLater);
    NodeAgent.main(new String[] {"--metrics-address=127.0.0.1:0", "--log-format=json"});
  }

  private static void endLater() {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.exit(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String query = String.valueOf(exchange.getRequestURI().getQuery());
      if (query.contains("watch=true")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        Thread.sleep(2 * MILLIS);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 201, exchange.getRequestBody().readAllBytes());
      } else if (path.contains("/daemonsets/")) {
        send(exchange, 200, bytes(DAEMON_SET));
      } else if (path.contains("/leases/")) {
        send(exchange, 404, bytes(NOT_FOUND));
      } else {
        send(exchange, 200, bytes(LIST));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
