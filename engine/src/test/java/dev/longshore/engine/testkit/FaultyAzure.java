package dev.longshore.engine.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A small Azure in this process that fails as it is told to: one container, whose blobs have
/// versions; the account is in the path.
public final class FaultyAzure extends FaultyServer {
  private static final String MODE = "X-ms-immutability-policy-mode";

  /// Azure says something of the kind, in no documented words.
  private static final Refusal CANNOT_LOCK = new Refusal(409, "SomethingAboutPolicies");

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

  private final TreeMap<String, Blob> blobs = new TreeMap<>();
  private Instant lastTime = Instant.MIN;
  private @Nullable Instant now;

  public FaultyAzure() throws IOException {
    super(null, 2);
    start();
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

  @Override
  public synchronized Instant lockedUntil(String name) {
    Blob blob = blobs.get(name);
    return blob == null || blob.current == null ? Instant.MIN : blob.current.lockedUntil;
  }

  private Instant tick() {
    Instant at = now == null ? Instant.now() : now;
    lastTime = at.isAfter(lastTime) ? at : lastTime.plusNanos(100);
    return lastTime;
  }

  @Override
  String busyCode() {
    return "ServerBusy";
  }

  @Override
  void serve(HttpExchange exchange, String name, byte[] body, Fault fault) throws IOException {
    Map<String, String> query = query(exchange);
    String part = query.getOrDefault("comp", "");
    if (name.isEmpty() && part.equals("list")) {
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      answer(exchange, 200, list(query), fault);
      return;
    }
    if (name.isEmpty()) {
      exchange
          .getResponseHeaders()
          .set("x-ms-immutable-storage-with-versioning-enabled", Boolean.toString(canLock()));
      answer(exchange, 200, new byte[0], fault);
      return;
    }
    boolean aboutLocks = part.equals("immutabilityPolicies");
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
      refuse(exchange, refusal.status, refusal.code);
    }
  }

  private synchronized @Nullable Refusal put(HttpExchange exchange, String name, byte[] body) {
    if (!canLock() && exchange.getRequestHeaders().containsKey(MODE)) {
      return CANNOT_LOCK;
    }
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
    if (!canLock() && exchange.getRequestHeaders().containsKey(MODE)) {
      return CANNOT_LOCK;
    }
    Blob blob = blobs.get(name);
    if (blob == null || blob.current == null) {
      return new Refusal(404, "BlobNotFound");
    }
    String mode = exchange.getRequestHeaders().getFirst(MODE);
    String until = exchange.getRequestHeaders().getFirst("x-ms-immutability-policy-until-date");
    if (mode != null && until != null) {
      blob.current.lock = mode;
      blob.current.lockedUntil = Instant.from(HTTP_TIME.parse(until));
      // The SDK wants to hear it.
      exchange.getResponseHeaders().set(MODE, mode);
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
      refuse(exchange, 404, "BlobNotFound");
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("x-ms-range");
    give(exchange, found.bytes, found.time, range, fault);
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
}
