package dev.longshore.kube;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// JSON trees from text and to text. Safe for use by many threads.
public final class JsonCodec {
  private static final int MAX_DEPTH = 100;
  private static final int MAX_STRING_CHARS = 4 << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.newBoundedPool(8))
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING_CHARS)
                  .build())
          .build();

  private JsonCodec() {}

  /// Reads a document that is one object.
  ///
  /// @throws IOException if it is malformed or another value
  public static Json.Obj parseObject(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return object(parser);
    }
  }

  /// Reads a document that is one object.
  ///
  /// @param utf8 read to its end, not closed
  public static Json.Obj parseObject(InputStream utf8) throws IOException {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      return object(parser);
    }
  }

  /// Reads a document that is one object.
  static Json.Obj parseObject(byte[] utf8) throws IOException {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      return object(parser);
    }
  }

  /// Reads the object that begins with the parser's current token.
  static Json.Obj currentObject(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IOException("expected a JSON object, found " + parser.currentToken());
    }
    return fields(parser);
  }

  /// Reads the next object of a stream of them.
  ///
  /// @return null at the end
  static Json.@Nullable Obj nextObject(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      return null;
    }
    if (token != JsonToken.START_OBJECT) {
      throw new IOException("expected a JSON object, found " + token);
    }
    return fields(parser);
  }

  /// Reads the value that begins with the parser's next token.
  static Json nextValue(JsonParser parser) throws IOException {
    return value(parser, parser.nextToken());
  }

  /// A parser for a stream of objects.
  static JsonParser parser(InputStream utf8) throws IOException {
    return FACTORY.createParser(utf8);
  }

  /// The value as text, in one line.
  public static String write(Json value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator((Writer) text)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string does not fail
    }
    return text.toString();
  }

  /// The value as UTF-8, in one line.
  public static byte[] writeBytes(Json value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator((OutputStream) bytes)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The value as indented text.
  public static String writeIndented(Json value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator((Writer) text)) {
      generator.useDefaultPrettyPrinter();
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Json.Obj object(JsonParser parser) throws IOException {
    Json.Obj object = nextObject(parser);
    if (object == null) {
      throw new IOException("the JSON document is empty");
    }
    if (parser.nextToken() != null) {
      throw new IOException("something follows the JSON document");
    }
    return object;
  }

  private static Json value(JsonParser parser, @Nullable JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> fields(parser);
      case START_ARRAY -> elements(parser);
      case VALUE_STRING -> new Json.Str(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getText());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Null.NULL;
      case null, default -> throw new IOException("the JSON document ends early");
    };
  }

  private static Json.Obj fields(JsonParser parser) throws IOException {
    SequencedMap<String, Json> fields = new LinkedHashMap<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_OBJECT) {
      if (token != JsonToken.FIELD_NAME) {
        throw new IOException("the JSON document ends early");
      }
      String name = parser.currentName();
      fields.put(name, value(parser, parser.nextToken()));
      token = parser.nextToken();
    }
    return new Json.Obj(fields);
  }

  private static Json.Arr elements(JsonParser parser) throws IOException {
    List<Json> elements = new ArrayList<>();
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      elements.add(value(parser, token));
      token = parser.nextToken();
    }
    return new Json.Arr(elements);
  }

  private static void write(Json value, JsonGenerator out) throws IOException {
    switch (value) {
      case Json.Obj(SequencedMap<String, Json> fields) -> {
        out.writeStartObject();
        for (var field : fields.entrySet()) {
          out.writeFieldName(field.getKey());
          write(field.getValue(), out);
        }
        out.writeEndObject();
      }
      case Json.Arr(List<Json> elements) -> {
        out.writeStartArray();
        for (Json element : elements) {
          write(element, out);
        }
        out.writeEndArray();
      }
      case Json.Str(String text) -> out.writeString(text);
      case Json.Num(String text) -> out.writeNumber(text);
      case Json.Bool(boolean truth) -> out.writeBoolean(truth);
      case Json.Null() -> out.writeNull();
    }
  }
}
