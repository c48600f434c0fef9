package dev.longshore.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import dev.longshore.format.error.CorruptException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Jackson's parser with the limits and errors of this format.
///
/// A fault of the document is a [CorruptException]; the parser's own message quotes the document,
/// so it is not passed on. A failure of the stream is an [UncheckedIOException].
final class JsonTokens {
  private static final int POOLED_BUFFERS = 16;
  private static final int MAX_NUMBER_DIGITS = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          // The default pool is thread-local, which is one set of buffers per virtual thread.
          .recyclerPool(JsonRecyclerPools.newBoundedPool(POOLED_BUFFERS))
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(JsonInput.MAX_DEPTH)
                  .maxStringLength(JsonInput.MAX_STRING_CHARS)
                  .maxNameLength(JsonInput.MAX_NAME_CHARS)
                  .maxNumberLength(MAX_NUMBER_DIGITS)
                  .build())
          .build();

  private final String what;
  private final JsonParser parser;
  private String field = "";

  private JsonTokens(String what, JsonParser parser) {
    this.what = what;
    this.parser = parser;
  }

  static JsonTokens of(String what, byte[] bytes, int offset, int length) {
    try {
      return new JsonTokens(what, FACTORY.createParser(bytes, offset, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array does not fail
    }
  }

  static JsonTokens of(String what, InputStream in) {
    try {
      return new JsonTokens(what, FACTORY.createParser(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Names the field that errors are about from now on.
  void field(String name) {
    field = name;
  }

  /// The next token, null behind the last.
  @Nullable JsonToken nextOrNull() throws CorruptException {
    try {
      return parser.nextToken();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// The next token.
  JsonToken next() throws CorruptException {
    return present(nextOrNull());
  }

  /// The token read last.
  JsonToken current() throws CorruptException {
    return present(parser.currentToken());
  }

  private JsonToken present(@Nullable JsonToken token) throws CorruptException {
    if (token == null) {
      throw new CorruptException(what, offset(), "the JSON document ends early");
    }
    return token;
  }

  /// The name or string read last, with U+FFFD for lone surrogates; they can only come from
  /// escapes.
  String text() throws CorruptException {
    try {
      String text = parser.getText();
      for (int i = 0; i < text.length(); i++) {
        if (Character.isSurrogate(text.charAt(i))) {
          return RawText.display(text);
        }
      }
      return text;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// The integer read last.
  long integer() throws CorruptException {
    try {
      return parser.getLongValue();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// The number read last.
  double number() throws CorruptException {
    try {
      return parser.getDoubleValue();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Passes over the rest of the value whose first token was read last.
  void skipRest() throws CorruptException {
    try {
      parser.skipChildren();
      parser.finishToken();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /// Where the token read last begins.
  long start() {
    return parser.currentTokenLocation().getByteOffset();
  }

  /// Where reading goes on.
  long offset() {
    return parser.currentLocation().getByteOffset();
  }

  CorruptException corrupt(String problem) {
    return new CorruptException(what, offset(), field.isEmpty() ? problem : field + ": " + problem);
  }

  CorruptException unexpected(String expected, JsonToken found) {
    String shown =
        switch (found) {
          case START_OBJECT, END_OBJECT -> "an object";
          case START_ARRAY, END_ARRAY -> "an array";
          case VALUE_STRING, FIELD_NAME -> "a string";
          case VALUE_NUMBER_INT -> "an integer";
          case VALUE_NUMBER_FLOAT -> "a fraction";
          case VALUE_TRUE, VALUE_FALSE -> "true or false";
          case VALUE_NULL, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "nothing";
        };
    return corrupt("expected " + expected + ", found " + shown);
  }

  private CorruptException failed(IOException e) {
    if (e instanceof JsonProcessingException) {
      return corrupt("malformed JSON");
    }
    throw new UncheckedIOException(e);
  }

  void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // nothing is closed but buffers
    }
  }
}
