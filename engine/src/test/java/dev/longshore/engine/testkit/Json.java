package dev.longshore.engine.testkit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A JSON value as a test looks at it: navigation that fails loudly on a missing field.
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final @Nullable Object value;

  private Json(@Nullable Object value) {
    this.value = value;
  }

  /// Parses one value.
  public static Json parse(byte[] text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return new Json(read(parser));
    }
  }

  private static @Nullable Object read(JsonParser parser) throws IOException {
    return switch (Objects.requireNonNull(parser.currentToken(), "no JSON")) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, read(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(read(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }

  /// A field of an object.
  ///
  /// @throws IllegalStateException if it is not there
  public Json get(String field) {
    if (!has(field)) {
      throw new IllegalStateException("no field " + field + " in " + value);
    }
    return new Json(asMap().get(field));
  }

  /// Tells whether an object has a field.
  public boolean has(String field) {
    return value instanceof Map<?, ?> map && map.containsKey(field);
  }

  /// The elements of an array; null is an empty one.
  public List<Json> list() {
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Json::new).toList();
    }
    throw new IllegalStateException("not an array: " + value);
  }

  /// The fields of an object in their order.
  public Map<String, Json> fields() {
    Map<String, Json> result = new LinkedHashMap<>();
    asMap().forEach((name, field) -> result.put(String.valueOf(name), new Json(field)));
    return result;
  }

  private Map<?, ?> asMap() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalStateException("not an object: " + value);
  }

  /// A string.
  public String text() {
    return (String) Objects.requireNonNull(value, "null");
  }

  /// A string field, or `otherwise` if there is no such field.
  public String text(String field, String otherwise) {
    return has(field) ? get(field).text() : otherwise;
  }

  /// A whole number.
  public long number() {
    return (Long) Objects.requireNonNull(value, "null");
  }

  /// A whole number field, or `otherwise` if there is no such field.
  public long number(String field, long otherwise) {
    return has(field) ? get(field).number() : otherwise;
  }

  /// A truth value.
  public boolean truth() {
    return (Boolean) Objects.requireNonNull(value, "null");
  }

  @Override
  public String toString() {
    return String.valueOf(value);
  }
}
