package dev.longshore.engine.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// A small S3 in this process that fails as it is told to: one bucket, path style.
public final class FaultyS3 extends FaultyServer {
  private static final String MODE = "X-amz-object-lock-mode";
  private static final String UNTIL = "X-amz-object-lock-retain-until-date";
  private static final Pattern RETENTION =
      Pattern.compile(".*<Mode>(.+)</Mode><RetainUntilDate>(.+)</RetainUntilDate>.*");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(byte[] bytes, Map<String, List<String>> headers, Instant time) {}

  private final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();

  /// Speaks plain HTTP.
  public FaultyS3() throws IOException {
    this(null);
  }

  /// Speaks TLS.
  public FaultyS3(@Nullable SSLContext context) throws IOException {
    super(context, 1);
    start();
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

  @Override
  public Instant lockedUntil(String key) {
    String until = header(key, UNTIL);
    return until.isEmpty() ? Instant.MIN : Instant.parse(until);
  }

  @Override
  String busyCode() {
    return "SlowDown";
  }

  @Override
  void serve(HttpExchange exchange, String key, byte[] body, Fault fault) throws IOException {
    Map<String, String> query = query(exchange);
    switch (exchange.getRequestMethod()) {
      case "PUT" -> {
        if (query.containsKey("retention")) {
          extend(exchange, key, new String(body, StandardCharsets.UTF_8), fault);
        } else {
          put(exchange, key, body, fault);
        }
      }
      case "DELETE" -> {
        objects.remove(key);
        answer(exchange, 204, new byte[0], fault);
      }
      default -> {
        if (query.containsKey("object-lock")) {
          describeLocks(exchange, fault);
        } else if (key.isEmpty()) {
          answer(exchange, 200, list(query), fault);
        } else {
          get(exchange, key, fault);
        }
      }
    }
  }

  private void put(HttpExchange exchange, String key, byte[] body, Fault fault) throws IOException {
    if (!canLock() && exchange.getRequestHeaders().containsKey(MODE)) {
      refuse(exchange, 400, "InvalidRequest");
      return;
    }
    boolean ifAbsent = exchange.getRequestHeaders().containsKey("If-None-Match");
    var stored = new Stored(body, Map.copyOf(exchange.getRequestHeaders()), Instant.now());
    if (!ifAbsent) {
      objects.put(key, stored);
    } else if (objects.putIfAbsent(key, stored) != null) {
      refuse(exchange, 412, "PreconditionFailed");
      return;
    }
    answer(exchange, 200, new byte[0], fault);
  }

  private void extend(HttpExchange exchange, String key, String xml, Fault fault)
      throws IOException {
    Stored found = objects.get(key);
    Matcher retention = RETENTION.matcher(xml);
    if (found == null) {
      refuse(exchange, 404, "NoSuchKey");
    } else if (!canLock()) {
      refuse(exchange, 400, "InvalidRequest");
    } else if (!retention.matches() || !exchange.getRequestHeaders().containsKey("Content-md5")) {
      refuse(exchange, 400, "MalformedXML");
    } else {
      Map<String, List<String>> headers = new HashMap<>(found.headers());
      headers.put(MODE, List.of(retention.group(1)));
      headers.put(UNTIL, List.of(retention.group(2)));
      objects.put(key, new Stored(found.bytes, headers, found.time));
      answer(exchange, 200, new byte[0], fault);
    }
  }

  private void describeLocks(HttpExchange exchange, Fault fault) throws IOException {
    if (!canLock()) {
      refuse(exchange, 404, "ObjectLockConfigurationNotFoundError");
      return;
    }
    String xml =
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>";
    answer(exchange, 200, xml.getBytes(StandardCharsets.UTF_8), fault);
  }

  private void get(HttpExchange exchange, String key, Fault fault) throws IOException {
    Stored found = objects.get(key);
    if (found == null) {
      refuse(exchange, 404, "NoSuchKey");
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("Range");
    give(exchange, found.bytes, found.time, range, fault);
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
}
