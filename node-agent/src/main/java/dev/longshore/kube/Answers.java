package dev.longshore.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What servers answer.
final class Answers {
  private static final int MAX_ERROR_BYTES = 64 << 10;
  private static final int MAX_QUOTE_CHARS = 200;

  /// Small objects take many times their text: without this, a body within its limit could fill the
  /// memory.
  private static final int MAX_ITEMS = 100_000;

  private static final int MAX_RETRY_AFTER_SECONDS = 3600;

  private Answers() {}

  static KubeObject object(InputStream body) throws IOException {
    return lean(JsonCodec.parseObject(body));
  }

  /// An object without the notes about who wrote which field.
  static KubeObject lean(Json.Obj json) {
    return new KubeObject(json).without("metadata", "managedFields");
  }

  /// Reads a page object by object. Built-in kinds leave out of them what each is.
  static KubeList list(Resource resource, InputStream body) throws IOException {
    List<KubeObject> items = new ArrayList<>();
    KubeObject page = new KubeObject(Json.Obj.EMPTY);
    try (JsonParser parser = JsonCodec.parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("expected a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        switch (field) {
          case "metadata" -> page = page.with(JsonCodec.nextValue(parser), field);
          case "items" -> items(resource, parser, items);
          default -> {
            parser.nextToken();
            parser.skipChildren();
          }
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        throw new IOException("the JSON document ends early");
      }
    }
    return new KubeList(
        items, page.text("metadata", "resourceVersion"), page.text("metadata", "continue"));
  }

  private static void items(Resource resource, JsonParser parser, List<KubeObject> items)
      throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token != JsonToken.START_ARRAY) {
      throw new IOException("expected an array of items, found " + token);
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (items.size() == MAX_ITEMS) {
        throw new IOException("a list of more than " + MAX_ITEMS + " items");
      }
      KubeObject item = lean(JsonCodec.currentObject(parser));
      items.add(
          item.kind().isEmpty()
              ? item.with(resource.apiVersion(), "apiVersion").with(resource.kind(), "kind")
              : item);
    }
  }

  /// A change as a watch has it.
  ///
  /// @throws KubeException if it is the server's reason for ending the watch
  static WatchEvent event(byte[] line) throws IOException {
    KubeObject event = new KubeObject(JsonCodec.parseObject(line));
    Json.Obj object = event.object("object");
    String type = event.text("type");
    return switch (type) {
      case "ADDED" -> new WatchEvent(WatchEvent.Type.ADDED, lean(object));
      case "MODIFIED" -> new WatchEvent(WatchEvent.Type.MODIFIED, lean(object));
      case "DELETED" -> new WatchEvent(WatchEvent.Type.DELETED, lean(object));
      case "BOOKMARK" -> new WatchEvent(WatchEvent.Type.BOOKMARK, lean(object));
      case "ERROR" -> throw ofStatus(new KubeObject(object));
      default -> throw new IOException("an event of the unknown type " + quote(type));
    };
  }

  private static KubeException ofStatus(KubeObject status) {
    int code = Math.toIntExact(Math.clamp(status.number("code"), 0, 999));
    return new KubeException(code, status.text("reason"), status.text("message"));
  }

  static void checkType(HttpCall call, HttpResponse<?> response) throws KubeException {
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (!type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new KubeException(0, "", "%s: expected JSON, found %s".formatted(call, quote(type)));
    }
  }

  /// Why a request failed, in the words of the server if it has any.
  ///
  /// @param body not closed
  static KubeException failure(HttpCall call, HttpResponse<?> response, InputStream body) {
    int code = response.statusCode();
    String reason = "";
    String message = "";
    long seconds = seconds(response.headers().firstValue("Retry-After").orElse(""));
    try {
      String text = new String(body.readNBytes(MAX_ERROR_BYTES), StandardCharsets.UTF_8);
      message = quote(text);
      KubeObject status = new KubeObject(JsonCodec.parseObject(text));
      reason = status.text("reason");
      message = status.text("message").isEmpty() ? message : status.text("message");
      if (seconds == 0) {
        seconds = status.number("details", "retryAfterSeconds");
      }
    } catch (IOException e) {
      // The code says enough.
    }
    return new KubeException(
        code,
        reason,
        "%s: HTTP %d: %s".formatted(call, code, message),
        Duration.ofSeconds(Math.clamp(seconds, 0, MAX_RETRY_AFTER_SECONDS)),
        null);
  }

  private static long seconds(String text) {
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }

  /// The beginning of a text, in one line.
  private static String quote(String text) {
    String line = text.replaceAll("[\\p{Cntrl}]+", " ").strip();
    return '"'
        + (line.length() > MAX_QUOTE_CHARS ? line.substring(0, MAX_QUOTE_CHARS) + "…" : line)
        + '"';
  }
}
