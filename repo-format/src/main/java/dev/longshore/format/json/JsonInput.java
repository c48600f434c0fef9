package dev.longshore.format.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.longshore.format.error.CorruptException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A checked pull reader of JSON that nobody vouches for.
///
/// ```java
/// try (JsonInput in = JsonInput.of("manifest", bytes)) {
///   if (in.beginObject()) {
///     for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
///       switch (f) {
///         case "id" -> id = in.string();
///         default -> in.skip();
///       }
///     }
///   }
///   in.finish();
/// }
/// ```
///
/// It reads as Go's decoder does where that matters: unknown fields are skipped, `null` stands for
/// the zero value, names match without regard to case, a lone surrogate escape becomes U+FFFD. It
/// is stricter in one thing: input that is not UTF-8 is refused. Nesting is limited to
/// [#MAX_DEPTH], one string to [#MAX_STRING_CHARS], one name to [#MAX_NAME_CHARS]. A value
/// announced by [#nextField], [#nextKey] or [#nextElement] that nobody reads is skipped.
///
/// Every fault of the input is a [CorruptException] that names the document and the field. A
/// failure to read from the stream itself comes as [UncheckedIOException], which the decoder over
/// the stream unwraps. Not thread-safe.
public final class JsonInput implements AutoCloseable {
  /// The deepest nesting accepted.
  public static final int MAX_DEPTH = 100;

  /// The longest string accepted.
  public static final int MAX_STRING_CHARS = 16 << 20;

  /// The longest field name accepted.
  public static final int MAX_NAME_CHARS = 64 << 10;

  private final JsonTokens tokens;
  private final byte @Nullable [] source;
  private final int sourceOffset;
  // A value is due; the parser already stands on its first token.
  private boolean due = true;
  private boolean positioned;

  private JsonInput(JsonTokens tokens, byte @Nullable [] source, int sourceOffset) {
    this.tokens = tokens;
    this.source = source;
    this.sourceOffset = sourceOffset;
  }

  /// Reads one document from bytes, which must not change meanwhile.
  ///
  /// @param what the document's name in errors
  public static JsonInput of(String what, byte[] bytes) {
    return of(what, bytes, 0, bytes.length);
  }

  /// As [#of(String, byte[])], for a part of an array.
  public static JsonInput of(String what, byte[] bytes, int offset, int length) {
    return new JsonInput(JsonTokens.of(what, bytes, offset, length), bytes, offset);
  }

  /// Reads one document from a stream, which stays the caller's to close. Reads ahead.
  public static JsonInput of(String what, InputStream in) {
    return new JsonInput(JsonTokens.of(what, in), null, 0);
  }

  /// Reads a whole document only to see that it is one.
  ///
  /// @throws CorruptException if it is not
  public static void checkWellFormed(String what, byte[] json) throws CorruptException {
    try (JsonInput in = of(what, json)) {
      in.skip();
      in.finish();
    }
  }

  /// Enters an object; false if there is `null` instead.
  public boolean beginObject() throws CorruptException {
    return begin(JsonToken.START_OBJECT, "an object");
  }

  /// Enters an array; false if there is `null` instead.
  public boolean beginArray() throws CorruptException {
    return begin(JsonToken.START_ARRAY, "an array");
  }

  /// The next field of the object that is known to `fields`, in their spelling; null after the
  /// last, which leaves the object.
  public @Nullable String nextField(JsonFields fields) throws CorruptException {
    while (true) {
      String name = nextKey();
      if (name == null) {
        return null;
      }
      String known = fields.match(name);
      if (known != null) {
        tokens.field(known);
        return known;
      }
    }
  }

  /// The next key of an object used as a map; null after the last, which leaves the object.
  public @Nullable String nextKey() throws CorruptException {
    skipDue();
    JsonToken token = tokens.next();
    if (token == JsonToken.END_OBJECT) {
      return null;
    }
    if (token != JsonToken.FIELD_NAME) {
      throw new IllegalStateException("not in an object");
    }
    due = true;
    return tokens.text();
  }

  /// Tells whether the array has another element, which then is due; false leaves the array.
  public boolean nextElement() throws CorruptException {
    skipDue();
    if (tokens.next() == JsonToken.END_ARRAY) {
      return false;
    }
    due = true;
    positioned = true;
    return true;
  }

  /// Tells whether the value due is `null`, and then takes it.
  public boolean isNull() throws CorruptException {
    if (peek() == JsonToken.VALUE_NULL) {
      due = false;
      positioned = false;
      return true;
    }
    return false;
  }

  /// Tells whether the value due is an object, and leaves it due.
  public boolean isObject() throws CorruptException {
    return peek() == JsonToken.START_OBJECT;
  }

  /// A string; "" for `null`.
  public String string() throws CorruptException {
    JsonToken token = token();
    if (token == JsonToken.VALUE_NULL) {
      return "";
    }
    if (token != JsonToken.VALUE_STRING) {
      throw tokens.unexpected("a string", token);
    }
    return tokens.text();
  }

  /// A 64-bit integer; 0 for `null`. Fractions and exponents are refused, as in Go.
  public long int64() throws CorruptException {
    JsonToken token = token();
    if (token == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw tokens.unexpected("an integer", token);
    }
    return tokens.integer();
  }

  /// An integer within bounds; 0 for `null`, whatever the bounds.
  public long integer(long min, long max) throws CorruptException {
    if (isNull()) {
      return 0;
    }
    long value = int64();
    if (value < min || value > max) {
      throw corrupt("expected " + min + ".." + max + ", found " + value);
    }
    return value;
  }

  /// A 32-bit integer; 0 for `null`.
  public int int32() throws CorruptException {
    return (int) integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// A truth value; false for `null`.
  public boolean bool() throws CorruptException {
    JsonToken token = token();
    return switch (token) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw tokens.unexpected("true or false", token);
    };
  }

  /// A number; 0 for `null`.
  public double number() throws CorruptException {
    JsonToken token = token();
    if (token == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw tokens.unexpected("a number", token);
    }
    double value = tokens.number();
    if (!Double.isFinite(value)) {
      throw corrupt("number out of range");
    }
    return value;
  }

  /// A time; [GoTime#ZERO] for `null`.
  public Instant instant() throws CorruptException {
    if (isNull()) {
      return GoTime.ZERO;
    }
    return GoTime.parse(string()).orElseThrow(() -> corrupt("expected an RFC 3339 time"));
  }

  /// A time in nanoseconds since 1970, wrapped to 64 bits (see [GoTime]); 0 for `null`.
  public long timeNanos() throws CorruptException {
    return isNull() ? 0 : GoTime.epochNanos(instant());
  }

  /// Bytes in standard base64 with padding; none for `null`.
  public byte[] base64() throws CorruptException {
    try {
      return Base64.getDecoder().decode(string());
    } catch (IllegalArgumentException e) {
      throw corrupt("expected base64");
    }
  }

  /// A 64-bit integer, null for `null`.
  public @Nullable Long optionalInt64() throws CorruptException {
    return isNull() ? null : int64();
  }

  /// A truth value, null for `null`.
  public @Nullable Boolean optionalBool() throws CorruptException {
    return isNull() ? null : bool();
  }

  /// A list of strings; empty for `null`.
  public List<String> strings() throws CorruptException {
    List<String> values = new ArrayList<>();
    if (beginArray()) {
      while (nextElement()) {
        values.add(string());
      }
    }
    return List.copyOf(values);
  }

  /// A map of strings, sorted by key; empty for `null`. Unmodifiable.
  public Map<String, String> stringMap() throws CorruptException {
    TreeMap<String, String> values = new TreeMap<>(RawText::compare);
    if (beginObject()) {
      for (String key = nextKey(); key != null; key = nextKey()) {
        values.put(key, string());
      }
    }
    return Collections.unmodifiableMap(values);
  }

  /// The bytes of the value due, whatever it is, as they stand in the document; a copy.
  ///
  /// @throws IllegalStateException if the document is a stream
  public byte[] raw() throws CorruptException {
    if (source == null) {
      throw new IllegalStateException("raw values need the document in memory");
    }
    token();
    long start = tokens.start();
    tokens.skipRest();
    long end = tokens.offset();
    return Arrays.copyOfRange(source, sourceOffset + (int) start, sourceOffset + (int) end);
  }

  /// Passes over the value due.
  public void skip() throws CorruptException {
    if (token().isStructStart()) {
      tokens.skipRest();
    }
  }

  /// Checks that nothing but white space follows the document's value.
  public void finish() throws CorruptException {
    skipDue();
    if (tokens.nextOrNull() != null) {
      throw tokens.corrupt("data after the JSON document");
    }
  }

  /// A fault of the field read last, found by the caller.
  public CorruptException corrupt(String problem) {
    return tokens.corrupt(problem);
  }

  /// Releases the parser's buffers; a stream stays open.
  @Override
  public void close() {
    tokens.close();
  }

  private boolean begin(JsonToken start, String expected) throws CorruptException {
    JsonToken token = token();
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    if (token != start) {
      throw tokens.unexpected(expected, token);
    }
    return true;
  }

  private JsonToken token() throws CorruptException {
    if (!due) {
      throw new IllegalStateException("no value is due");
    }
    due = false;
    if (!positioned) {
      return tokens.next();
    }
    positioned = false;
    return tokens.current();
  }

  private JsonToken peek() throws CorruptException {
    JsonToken token = token();
    due = true;
    positioned = true;
    return token;
  }

  private void skipDue() throws CorruptException {
    if (due) {
      skip();
    }
  }
}
