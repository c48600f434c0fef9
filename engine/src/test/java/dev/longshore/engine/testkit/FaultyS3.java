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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/// A small S3 in this process that fails as it is told to. One bucket, path style, pages of [#PAGE]
/// names; signatures are not checked.
public final class FaultyS3 implements AutoCloseable {
  /// Names in a page of a list.
  public static final int PAGE = 10;

  private static final DateTimeFormatter HTTP_TIME =
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
    /// The connection ends without an answer and without an effect.
    RESET,
    /// The same after the effect.
    ANSWER_LOST,
    /// A body ends after its half.
    TRUNCATED,
    /// No answer for [FaultyS3#stallMillis].
    STALL,
    NOT_IMPLEMENTED_501
  }

  /// Decides what comes of a request.
  @FunctionalInterface
  public interface Plan {
    /// @param key of the object; empty for the bucket
    Fault next(String method, String key, Headers headers);
  }

  /// Looks at a request before all else.
  @FunctionalInterface
  public interface Guard {
    /// A refusal as `STATUS CODE EXTRA-XML`; "" to go on.
    String check(HttpExchange exchange) throws IOException;
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(byte[] bytes, Map<String, List<String>> headers, Instant time) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Plan plan = (method, key, headers) -> Fault.NONE;
  private volatile Guard guard = exchange -> "";
  private volatile long stallMillis = 60_000;
  private volatile boolean deaf;

  /// Speaks plain HTTP.
  public FaultyS3() throws IOException {
    this(HttpServer.create(loopback(), 64));
  }

  /// Speaks TLS.
  public FaultyS3(SSLContext context) throws IOException {
    this(secure(context));
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HttpServer secure(SSLContext context) throws IOException {
    HttpsServer secure = HttpsServer.create(loopback(), 64);
    secure.setHttpsConfigurator(new HttpsConfigurator(context));
    return secure;
  }

  private FaultyS3(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /// `127.0.0.1:PORT`.
  public String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// Requests so far, the failed ones too.
  public int requests() {
    return requests.get();
  }

  /// What comes of the requests from now on.
  public void plan(Plan newPlan) {
    plan = newPlan;
  }

  /// Who looks at requests from now on.
  public void guard(Guard newGuard) {
    guard = newGuard;
  }

  /// How long a [Fault#STALL] takes.
  public void stallMillis(long millis) {
    stallMillis = millis;
  }

  /// Bodies of requests are not read, for [#stallMillis].
  public void deaf(boolean isDeaf) {
    deaf = isDeaf;
  }

  /// Puts an object as if somebody else had.
  public void put(String key, byte[] bytes) {
    objects.put(key, new Stored(bytes, Map.of(), Instant.now()));
  }

  /// A header that an object was put with; "" for none.
  public String header(String key, String name) {
    Stored found = objects.get(key);
    String value = found == null ? null : new Headers(found.headers()).getFirst(name);
    return value == null ? "" : value;
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      int slash = path.indexOf('/', 1);
      String key = slash < 0 ? "" : path.substring(slash + 1);
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
      Fault fault = plan.next(exchange.getRequestMethod(), key, exchange.getRequestHeaders());
      switch (fault) {
        case ERROR_500 -> refuse(exchange, 500, "InternalError", "");
        case SLOW_DOWN_503 -> refuse(exchange, 503, "SlowDown", "");
        case TOO_MANY_429 -> refuse(exchange, 429, "TooManyRequests", "");
        case NOT_IMPLEMENTED_501 -> refuse(exchange, 501, "NotImplemented", "");
        case RESET -> {}
        case STALL -> stall();
        case NONE, ANSWER_LOST, TRUNCATED -> serve(exchange, key, body, fault);
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

  private void serve(HttpExchange exchange, String key, byte[] body, Fault fault)
      throws IOException {
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        boolean ifAbsent = exchange.getRequestHeaders().containsKey("If-None-Match");
        var stored = new Stored(body, Map.copyOf(exchange.getRequestHeaders()), Instant.now());
        if (!ifAbsent) {
          objects.put(key, stored);
        } else if (objects.putIfAbsent(key, stored) != null) {
          refuse(exchange, 412, "PreconditionFailed", "");
          return;
        }
        answer(exchange, 200, new byte[0], fault);
      }
      case "DELETE" -> {
        objects.remove(key);
        answer(exchange, 204, new byte[0], fault);
      }
      default -> {
        Stored found = key.isEmpty() ? null : objects.get(key);
        if (key.isEmpty()) {
          answer(exchange, 200, list(query(exchange)), fault);
        } else if (found == null) {
          refuse(exchange, 404, "NoSuchKey", "");
        } else {
          exchange.getResponseHeaders().set("Last-Modified", HTTP_TIME.format(found.time));
          get(exchange, found.bytes, fault);
        }
      }
    }
  }

  private static void get(HttpExchange exchange, byte[] bytes, Fault fault) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      answer(exchange, 200, bytes, fault);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    long from = Long.parseLong(ends[0]);
    if (from >= bytes.length) {
      refuse(exchange, 416, "InvalidRange", "");
      return;
    }
    int to = (int) Math.min(Long.parseLong(ends[1]), bytes.length - 1);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + to + "/" + bytes.length);
    answer(exchange, 206, Arrays.copyOfRange(bytes, (int) from, to + 1), fault);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body, Fault fault)
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

  private static void refuse(HttpExchange exchange, int status, String code, String more)
      throws IOException {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>as planned</Message>%s</Error>"
            .formatted(code, more);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    answer(exchange, status, xml.getBytes(StandardCharsets.UTF_8), Fault.NONE);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> found = new HashMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      found.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return found;
  }

  private byte[] list(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    String after = query.getOrDefault("continuation-token", "");
    List<Map.Entry<String, Stored>> all =
        objects.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .filter(entry -> entry.getKey().compareTo(after) > 0)
            .limit(PAGE + 1)
            .toList();
    boolean more = all.size() > PAGE;
    StringBuilder xml =
        new StringBuilder("<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>")
            .append(more)
            .append("</IsTruncated>");
    all.stream()
        .limit(PAGE)
        .forEach(entry ->
            xml.append("<Contents><Key>")
                .append(URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8))
                .append("</Key><LastModified>")
                .append(entry.getValue().time)
                .append("</LastModified><Owner><ID>1</ID></Owner><Size>")
                .append(entry.getValue().bytes.length)
                .append("</Size></Contents>"));
    if (more) {
      xml.append("<NextContinuationToken>")
          .append(all.get(PAGE - 1).getKey())
          .append("</NextContinuationToken>");
    }
    return xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
