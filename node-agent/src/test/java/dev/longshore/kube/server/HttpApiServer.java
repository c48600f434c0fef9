package dev.longshore.kube.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.longshore.kube.DeleteOptions;
import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import dev.longshore.kube.KubeApi;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeList;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.ListOptions;
import dev.longshore.kube.Resource;
import dev.longshore.kube.Watch;
import dev.longshore.kube.WatchEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// An [ApiServer] on a port of the loopback, HTTP or HTTPS. Who asks is told by a bearer token, or
/// by the name in a client certificate; the administrator may act as anybody.
public final class HttpApiServer implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  private final ApiServer server;
  private final HttpServer http;
  private final boolean tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, String> users = new ConcurrentHashMap<>();
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

  /// @param tls null for plain HTTP
  public HttpApiServer(ApiServer server, @Nullable SSLContext tls) throws IOException {
    this.server = server;
    this.tls = tls != null;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls == null) {
      http = HttpServer.create(address, 0);
    } else {
      HttpsServer https = HttpsServer.create(address, 0);
      https.setHttpsConfigurator(new AsksForCertificates(tls));
      http = https;
    }
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  private static final class AsksForCertificates extends HttpsConfigurator {
    AsksForCertificates(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
      ssl.setWantClientAuth(true);
      parameters.setSSLParameters(ssl);
    }
  }

  public URI uri() {
    return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + port());
  }

  public int port() {
    return http.getAddress().getPort();
  }

  /// Lets a token speak for a user.
  ///
  /// @param user empty for the administrator
  public void accept(String token, String user) {
    users.put("token " + token, user);
  }

  public void refuse(String token) {
    users.remove("token " + token);
  }

  /// Lets a certificate speak for a user.
  ///
  /// @param name as certificates have it: `CN=test`
  public void acceptCertificate(String name, String user) {
    users.put("certificate " + name, user);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        serve(exchange);
      } catch (KubeException e) {
        if (e.code() != 0) {
          sendFailure(exchange, e);
        }
      }
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    KubeApi api = server.asUser(user(exchange));
    Route route = Route.of(server, exchange.getRequestURI());
    Map<String, String> query = query(exchange.getRequestURI());
    switch (exchange.getRequestMethod()) {
      case "GET" -> read(exchange, api, route, query);
      case "POST" -> {
        if (route.subresource().equals("token")) {
          KubeObject request = new KubeObject(JsonCodec.parseObject(exchange.getRequestBody()));
          send(exchange, 201, api.createToken(route.namespace(), route.name(), request).json());
          return;
        }
        if (!route.name().isEmpty()) {
          throw notAllowed();
        }
        send(exchange, 201, api.create(route.resource(), body(exchange, route)).json());
      }
      case "PUT" -> {
        KubeObject object = body(exchange, route);
        KubeObject written =
            switch (route.subresource()) {
              case "" -> api.replace(route.resource(), object);
              case "status" -> api.replaceStatus(route.resource(), object);
              default -> throw Failures.noSuchAddress();
            };
        send(exchange, 200, written.json());
      }
      case "PATCH" -> {
        if (!"application/merge-patch+json"
            .equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
          throw new KubeException(415, "UnsupportedMediaType", "only merge patches");
        }
        Json.Obj patch = JsonCodec.parseObject(exchange.getRequestBody());
        KubeObject patched = api.patch(route.resource(), route.namespace(), route.name(), patch);
        send(exchange, 200, patched.json());
      }
      case "DELETE" -> {
        api.delete(route.resource(), route.namespace(), route.name(), deletion(exchange));
        send(exchange, 200, Json.Obj.EMPTY.with("kind", "Status").with("status", "Success"));
      }
      default -> throw notAllowed();
    }
  }

  private static KubeException notAllowed() {
    return new KubeException(405, "MethodNotAllowed", "the server does not allow this method");
  }

  private String user(HttpExchange exchange) throws KubeException {
    String user = null;
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    if (header != null && header.startsWith("Bearer ")) {
      user = users.get("token " + header.substring("Bearer ".length()));
    } else if (exchange instanceof HttpsExchange https) {
      try {
        user = users.get("certificate " + https.getSSLSession().getPeerPrincipal().getName());
      } catch (SSLPeerUnverifiedException e) {
        // none was shown
      }
    }
    if (user == null) {
      throw new KubeException(401, "Unauthorized", "Unauthorized");
    }
    String other = exchange.getRequestHeaders().getFirst("Impersonate-User");
    return other != null && user.isEmpty() ? other : user;
  }

  private static Map<String, String> query(URI uri) {
    Map<String, String> parameters = new HashMap<>();
    if (uri.getRawQuery() != null) {
      for (String parameter : uri.getRawQuery().split("&", -1)) {
        String[] parts = parameter.split("=", 2);
        parameters.put(
            parts[0], parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private void read(HttpExchange exchange, KubeApi api, Route route, Map<String, String> query)
      throws IOException {
    if (!route.name().isEmpty()) {
      KubeObject found = api.get(route.resource(), route.namespace(), route.name());
      send(exchange, 200, found.json());
      return;
    }
    ListOptions options =
        new ListOptions(
            query.getOrDefault("labelSelector", ""),
            query.getOrDefault("fieldSelector", ""),
            Integer.parseInt(query.getOrDefault("limit", "0")),
            query.getOrDefault("continue", ""),
            query.getOrDefault("resourceVersion", ""));
    if (!query.containsKey("watch")) {
      send(
          exchange,
          200,
          list(route.resource(), api.list(route.resource(), route.namespace(), options)));
      return;
    }
    try (Watch watch = api.watch(route.resource(), route.namespace(), options)) {
      watches.add(watch);
      stream(exchange, watch, query);
      watches.remove(watch);
    }
  }

  private static Json.Obj list(Resource resource, KubeList list) {
    boolean custom = resource.group().contains(".");
    return Json.Obj.EMPTY
        .with("kind", resource.kind() + "List")
        .with("apiVersion", resource.apiVersion())
        .with(
            "metadata",
            Json.Obj.EMPTY
                .with("resourceVersion", list.resourceVersion())
                .with("continue", list.continueFrom()))
        .with(
            "items",
            new Json.Arr(
                list.items().stream()
                    .<Json>map(item ->
                        custom ? item.json() : item.json().without("kind").without("apiVersion"))
                    .toList()));
  }

  private static void stream(HttpExchange exchange, Watch watch, Map<String, String> query)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    boolean bookmarks = "true".equals(query.get("allowWatchBookmarks"));
    long end =
        System.nanoTime()
            + Duration.ofSeconds(Long.parseLong(query.getOrDefault("timeoutSeconds", "1800")))
                .toNanos();
    try {
      while (System.nanoTime() < end) {
        WatchEvent event = watch.next(POLL);
        if (event != null && (bookmarks || event.type() != WatchEvent.Type.BOOKMARK)) {
          line(out, event.type().name(), event.object().json());
        }
      }
    } catch (KubeException e) {
      if (e.code() != 0) {
        line(out, "ERROR", status(e));
      }
    }
  }

  private static void line(OutputStream out, String type, Json.Obj object) throws IOException {
    Json.Obj event = Json.Obj.EMPTY.with("type", type).with("object", object);
    out.write((JsonCodec.write(event) + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static KubeObject body(HttpExchange exchange, Route route) throws IOException {
    KubeObject sent;
    try {
      sent = new KubeObject(JsonCodec.parseObject(exchange.getRequestBody()));
    } catch (IOException e) {
      throw Failures.bad("the object provided is unrecognized: " + e.getMessage());
    }
    if (!route.namespace().isEmpty()) {
      if (!sent.namespace().isEmpty() && !sent.namespace().equals(route.namespace())) {
        throw Failures.bad("the namespace of the object does not match the namespace on the URL");
      }
      sent = sent.with(route.namespace(), "metadata", "namespace");
    }
    if (!route.name().isEmpty() && !sent.name().equals(route.name())) {
      throw Failures.bad("the name of the object does not match the name on the URL");
    }
    return sent;
  }

  private static DeleteOptions deletion(HttpExchange exchange) throws IOException {
    KubeObject options = new KubeObject(JsonCodec.parseObject(exchange.getRequestBody()));
    if (!options.text("propagationPolicy").equals("Background")) {
      throw Failures.bad("only background deletion");
    }
    int grace =
        options.at("gracePeriodSeconds") == null ? -1 : (int) options.number("gracePeriodSeconds");
    return new DeleteOptions(options.text("preconditions", "uid"), grace);
  }

  private static Json.Obj status(KubeException failure) {
    return Json.Obj.EMPTY
        .with("kind", "Status")
        .with("apiVersion", "v1")
        .with("status", "Failure")
        .with("message", String.valueOf(failure.getMessage()))
        .with("reason", failure.reason())
        .with("code", failure.code());
  }

  private static void sendFailure(HttpExchange exchange, KubeException failure) throws IOException {
    if (failure.retryAfter().isPositive()) {
      exchange
          .getResponseHeaders()
          .set("Retry-After", Long.toString(failure.retryAfter().toSeconds()));
    }
    send(exchange, failure.code(), status(failure));
  }

  private static void send(HttpExchange exchange, int code, Json.Obj json) throws IOException {
    byte[] body = JsonCodec.writeBytes(json);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  /// Ends all watches and stops listening.
  @Override
  public void close() {
    watches.forEach(Watch::close);
    http.stop(0);
    threads.shutdownNow();
  }
}
