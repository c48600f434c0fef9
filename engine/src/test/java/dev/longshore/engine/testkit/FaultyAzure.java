package dev.longshore.engine.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longshore.engine.testkit.FaultyS3.Fault;
import dev.longshore.engine.testkit.FaultyS3.Plan;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A small Azure in this process that fails as it is told to. One container, whose blobs have
/// versions and can be locked; the account is in the path; pages of [#PAGE] entries; signatures are
/// not checked.
public final class FaultyAzure implements AutoCloseable {
  /// Entries in a page of a list.
  public static final int PAGE = 10;

  private static final DateTimeFormatter HTTP_TIME =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  static {
    // Else each answer in two pieces takes 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final class Version {
    final String id;
    final byte[] bytes;
    final Instant time;
    String lock = "";
    Instant lockedUntil = Instant.MIN;

    Version(Instant time, byte[] bytes) {
      this.id = time.toString();
      this.time = time;
      this.bytes = bytes;
    }
  }

  private static final class Blob {
    final List<Version> versions = new ArrayList<>();
    @Nullable Version current;
    @Nullable Instant deleted;
  }

  private record Refusal(int status, String code) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final TreeMap<String, Blob> blobs = new TreeMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Plan plan = (method, key, headers) -> Fault.NONE;
  private volatile long stallMillis = 60_000;
  private Instant lastTime = Instant.MIN;
  private @Nullable Instant now;

  public FaultyAzure() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
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

  /// How long a [Fault#STALL] takes.
  public void stallMillis(long millis) {
    stallMillis = millis;
  }

  /// The server's time from now on; the real one at first.
  public synchronized void time(Instant newNow) {
    now = newNow;
  }

  /// Names, with how many versions each has and whether one of them is in force: `p1 2 true`.
  public synchronized List<String> state() {
    return blobs.entrySet().stream()
        .map(entry ->
            "%s %d %s"
                .formatted(
                    entry.getKey(),
                    entry.getValue().versions.size(),
                    entry.getValue().current != null))
        .toList();
  }

  /// Until when a blob is locked.
  public synchronized Instant lockedUntil(String name) {
    Blob blob = blobs.get(name);
    return blob == null || blob.current == null ? Instant.MIN : blob.current.lockedUntil;
  }

  private Instant tick() {
    Instant at = now == null ? Instant.now() : now;
    lastTime = at.isAfter(lastTime) ? at : lastTime.plusNanos(100);
    return lastTime;
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/", 4);
      String name = path.length < 4 ? "" : path[3];
      byte[] body = exchange.getRequestBody().readAllBytes();
      Fault fault = plan.next(exchange.getRequestMethod(), name, exchange.getRequestHeaders());
      switch (fault) {
        case ERROR_500 -> refuse(exchange, new Refusal(500, "InternalError"));
        case SLOW_DOWN_503 -> refuse(exchange, new Refusal(503, "ServerBusy"));
        case TOO_MANY_429 -> refuse(exchange, new Refusal(429, "TooManyRequests"));
        case NOT_IMPLEMENTED_501 -> refuse(exchange, new Refusal(501, "NotImplemented"));
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

  private void serve(HttpExchange exchange, String name, byte[] body, Fault fault)
      throws IOException {
    Map<String, String> query = query(exchange);
    if (name.isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      answer(exchange, 200, list(query), fault);
      return;
    }
    boolean aboutLocks = "immutabilityPolicies".equals(query.get("comp"));
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        Refusal refusal = aboutLocks ? lock(exchange, name) : put(exchange, name, body);
        finish(exchange, aboutLocks ? 200 : 201, refusal, fault);
      }
      case "DELETE" -> {
        Refusal refusal = aboutLocks ? unlock(name) : delete(name, query.get("versionid"));
        finish(exchange, aboutLocks ? 200 : 202, refusal, fault);
      }
      default -> get(exchange, name, query.get("versionid"), fault);
    }
  }

  private static void finish(
      HttpExchange exchange, int status, @Nullable Refusal refusal, Fault fault)
      throws IOException {
    if (refusal == null) {
      answer(exchange, status, new byte[0], fault);
    } else {
      refuse(exchange, refusal);
    }
  }

  private synchronized @Nullable Refusal put(HttpExchange exchange, String name, byte[] body) {
    Blob blob = blobs.computeIfAbsent(name, _ -> new Blob());
    if (blob.current != null && exchange.getRequestHeaders().containsKey("If-None-Match")) {
      return new Refusal(409, "BlobAlreadyExists");
    }
    Version version = new Version(tick(), body);
    blob.versions.add(version);
    blob.current = version;
    lock(exchange, name);
    exchange.getResponseHeaders().set("x-ms-version-id", version.id);
    return null;
  }

  private synchronized @Nullable Refusal lock(HttpExchange exchange, String name) {
    Blob blob = blobs.get(name);
    if (blob == null || blob.current == null) {
      return new Refusal(404, "BlobNotFound");
    }
    String mode = exchange.getRequestHeaders().getFirst("x-ms-immutability-policy-mode");
    String until = exchange.getRequestHeaders().getFirst("x-ms-immutability-policy-until-date");
    if (mode != null && until != null) {
      blob.current.lock = mode;
      blob.current.lockedUntil = Instant.from(HTTP_TIME.parse(until));
      // The SDK wants to hear it.
      exchange.getResponseHeaders().set("x-ms-immutability-policy-mode", mode);
      exchange.getResponseHeaders().set("x-ms-immutability-policy-until-date", until);
    }
    return null;
  }

  private synchronized @Nullable Refusal unlock(String name) {
    Blob blob = blobs.get(name);
    if (blob == null || blob.current == null) {
      return new Refusal(404, "BlobNotFound");
    }
    if (blob.current.lock.equalsIgnoreCase("locked")) {
      return new Refusal(409, "ImmutabilityPolicyDeleteOnLockedPolicy");
    }
    blob.current.lockedUntil = Instant.MIN;
    return null;
  }

  private synchronized @Nullable Refusal delete(String name, @Nullable String versionId) {
    Blob blob = blobs.get(name);
    Version version = blob == null ? null : find(blob, versionId);
    if (blob == null || version == null) {
      return new Refusal(404, "BlobNotFound");
    }
    if (version.lockedUntil.isAfter(Instant.now())) {
      return new Refusal(409, "BlobImmutableDueToPolicy");
    }
    if (versionId != null) {
      blob.versions.remove(version);
    } else {
      blob.current = null;
      blob.deleted = tick();
    }
    return null;
  }

  private static @Nullable Version find(Blob blob, @Nullable String id) {
    return id == null
        ? blob.current
        : blob.versions.stream().filter(each -> each.id.equals(id)).findFirst().orElse(null);
  }

  private void get(HttpExchange exchange, String name, @Nullable String versionId, Fault fault)
      throws IOException {
    Version found;
    synchronized (this) {
      Blob blob = blobs.get(name);
      found = blob == null ? null : find(blob, versionId);
    }
    if (found == null) {
      refuse(exchange, new Refusal(404, "BlobNotFound"));
      return;
    }
    byte[] bytes = found.bytes;
    exchange.getResponseHeaders().set("Last-Modified", HTTP_TIME.format(found.time));
    String range = exchange.getRequestHeaders().getFirst("x-ms-range");
    if (range == null) {
      answer(exchange, 200, bytes, fault);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    long from = Long.parseLong(ends[0]);
    if (from >= bytes.length) {
      refuse(exchange, new Refusal(416, "InvalidRange"));
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

  private static void refuse(HttpExchange exchange, Refusal refusal) throws IOException {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>as planned</Message></Error>"
            .formatted(refusal.code);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    exchange.getResponseHeaders().set("x-ms-error-code", refusal.code);
    answer(exchange, refusal.status, xml.getBytes(StandardCharsets.UTF_8), Fault.NONE);
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> found = new HashMap<>();
    String query = exchange.getRequestURI().getRawQuery();
    for (String pair : query == null ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      found.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return found;
  }

  private synchronized byte[] list(Map<String, String> query) {
    String include = query.getOrDefault("include", "");
    boolean versions = include.contains("versions");
    boolean deleted = include.contains("deletedwithversions");
    List<String> entries = new ArrayList<>();
    for (Map.Entry<String, Blob> entry : blobs.entrySet()) {
      String name = entry.getKey();
      Blob blob = entry.getValue();
      if (!name.startsWith(query.getOrDefault("prefix", ""))) {
        continue;
      }
      for (Version version : blob.versions) {
        if (versions || version == blob.current) {
          String id = versions ? "<VersionId>" + version.id + "</VersionId>" : "";
          entries.add(entry(name, version, id, ""));
        }
      }
      if (deleted && blob.current == null && blob.deleted != null && !blob.versions.isEmpty()) {
        // As Azure says it: the time of the last version, and an id of its own.
        entries.add(
            entry(
                name,
                blob.versions.getLast(),
                "<VersionId>" + blob.deleted + "</VersionId>",
                "<HasVersionsOnly>true</HasVersionsOnly>"));
      }
    }
    String marker = query.getOrDefault("marker", "");
    int from = marker.isEmpty() ? 0 : Integer.parseInt(marker);
    int to = Math.min(entries.size(), from + PAGE);
    String next = to < entries.size() ? Integer.toString(to) : "";
    return ("<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults"
            + " ContainerName=\"c\"><Blobs>"
            + String.join("", entries.subList(from, to))
            + "</Blobs><NextMarker>"
            + next
            + "</NextMarker></EnumerationResults>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String entry(String name, Version version, String id, String end) {
    return "<Blob><Name>%s</Name>%s<Properties><Last-Modified>%s</Last-Modified><Content-Length>%d</Content-Length><BlobType>BlockBlob</BlobType></Properties>%s</Blob>"
        .formatted(name, id, HTTP_TIME.format(version.time), version.bytes.length, end);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
