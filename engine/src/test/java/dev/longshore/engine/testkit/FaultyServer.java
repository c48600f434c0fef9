package dev.longshore.engine.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A small object store over HTTP in this process that fails as it is told to. Signatures are not
/// checked. What it speaks is up to a subclass.
public abstract class FaultyServer implements AutoCloseable {
  /// Names in a page of a list.
  public static final int PAGE = 10;

  static final DateTimeFormatter HTTP_TIME =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  static {
    // Else each answer in two pieces takes 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /// What comes of a request.
  public enum Fault {
    NONE,
    ERROR_500,
    SLOW_DOWN_503,
    TOO_MANY_429,
    /// Refused for a reason that has to do with nothing.
    BAD_REQUEST_400,
    /// The connection ends without an answer and without an effect.
    RESET,
    /// The same after the effect.
    ANSWER_LOST,
    /// A body ends after its half.
    TRUNCATED,
    /// No answer for [FaultyServer#stallMillis].
    STALL,
    NOT_IMPLEMENTED_501
  }

  /// Decides what comes of a request.
  @FunctionalInterface
  public interface Plan {
    /// @param name of the object; empty for the place that holds them
    Fault next(String method, String name, Headers headers);
  }

  /// Looks at a request before all else.
  @FunctionalInterface
  public interface Guard {
    /// A refusal as `STATUS CODE EXTRA-XML`; "" to go on.
    String check(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final int depth;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Plan plan = (method, name, headers) -> Fault.NONE;
  private volatile Guard guard = exchange -> "";
  private volatile long stallMillis = 60_000;
  private volatile boolean deaf;
  private volatile boolean locks = true;

  /// @param context to speak TLS; null for plain HTTP
  /// @param depth steps of a path before the name of an object
  FaultyServer(@Nullable SSLContext context, int depth) throws IOException {
    this.server = server(context);
    this.depth = depth;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
  }

  private static HttpServer server(@Nullable SSLContext context) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (context == null) {
      return HttpServer.create(address, 64);
    }
    HttpsServer secure = HttpsServer.create(address, 64);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    return secure;
  }

  /// To be called when a subclass is ready.
  final void start() {
    server.start();
  }

  /// `127.0.0.1:PORT`.
  public final String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// Requests so far, the failed ones too.
  public final int requests() {
    return requests.get();
  }

  /// What comes of the requests from now on.
  public final void plan(Plan newPlan) {
    plan = newPlan;
  }

  /// Who looks at requests from now on.
  public final void guard(Guard newGuard) {
    guard = newGuard;
  }

  /// How long a [Fault#STALL] takes.
  public final void stallMillis(long millis) {
    stallMillis = millis;
  }

  /// Bodies of requests are not read, for [#stallMillis].
  public final void deaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /// Whether objects can be locked here; at first they can.
  public final void locks(boolean canLock) {
    locks = canLock;
  }

  final boolean canLock() {
    return locks;
  }

  /// Until when an object is locked; [Instant#MIN] if it is not.
  public abstract Instant lockedUntil(String name);

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", depth + 2);
      String name = path.length < depth + 2 ? "" : path[depth + 1];
      if (deaf) {
        stall();
        return;
      }
      byte[] body = exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Date", HTTP_TIME.format(Instant.now()));
      String refusal = guard.check(exchange);
      if (!refusal.isEmpty()) {
        String[] parts = refusal.split(" ", 3);
        refuse(exchange, Integer.parseInt(parts[0]), parts[1], parts.length > 2 ? parts[2] : "");
        return;
      }
      Fault fault = plan.next(exchange.getRequestMethod(), name, exchange.getRequestHeaders());
      switch (fault) {
        case ERROR_500 -> refuse(exchange, 500, "InternalError");
        case SLOW_DOWN_503 -> refuse(exchange, 503, busyCode());
        case TOO_MANY_429 -> refuse(exchange, 429, "TooManyRequests");
        case BAD_REQUEST_400 -> refuse(exchange, 400, "InvalidRequest");
        case NOT_IMPLEMENTED_501 -> refuse(exchange, 501, "NotImplemented");
        case RESET -> {}
        case STALL -> stall();
        case NONE, ANSWER_LOST, TRUNCATED -> serve(exchange, name, body, fault);
      }
    }
  }

  private void stall() {
    try {
      Thread.sleep(stallMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The word for being asked too much.
  abstract String busyCode();

  /// Does what is asked, and answers.
  ///
  /// @param name of the object; empty for the place that holds them
  abstract void serve(HttpExchange exchange, String name, byte[] body, Fault fault)
      throws IOException;

  /// Answers with an object, or the part of it that is asked for.
  static void give(
      HttpExchange exchange, byte[] bytes, Instant time, @Nullable String range, Fault fault)
      throws IOException {
    exchange.getResponseHeaders().set("Last-Modified", HTTP_TIME.format(time));
    if (range == null) {
      answer(exchange, 200, bytes, fault);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    long from = Long.parseLong(ends[0]);
    if (from >= bytes.length) {
      refuse(exchange, 416, "InvalidRange");
      return;
    }
    int to = (int) Math.min(Long.parseLong(ends[1]), bytes.length - 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + to + "/" + bytes.length);
    answer(exchange, 206, Arrays.copyOfRange(bytes, (int) from, to + 1), fault);
  }

  static void answer(HttpExchange exchange, int status, byte[] body, Fault fault)
      throws IOException {
    if (fault == Fault.ANSWER_LOST) {
      return;
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
    }
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      // Closing it before the end throws, and cuts the connection.
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, fault == Fault.TRUNCATED ? body.length / 2 : body.length);
      out.close();
    }
  }

  static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    refuse(exchange, status, code, "");
  }

  private static void refuse(HttpExchange exchange, int status, String code, String more)
      throws IOException {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>as planned</Message>%s</Error>"
            .formatted(code, more);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.getResponseHeaders().set("x-ms-error-code", code); // where clients of Azure look
    answer(exchange, status, xml.getBytes(StandardCharsets.UTF_8), Fault.NONE);
  }

  static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> found = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      found.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return found;
  }

  @Override
  public final void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
