package dev.longshore.format.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class JsonInputTest {
  private static final JsonFields FIELDS = JsonFields.of("name", "other", "mTime");

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonInput input(String text) {
    return JsonInput.of("test", utf8(text));
  }

  /// What a getter makes of the only value.
  private interface Getter<T> {
    T get(JsonInput in) throws CorruptException;
  }

  private static <T> T read(String text, Getter<T> getter) throws CorruptException {
    try (JsonInput in = input(text)) {
      T value = getter.get(in);
      in.finish();
      return value;
    }
  }

  private static void refuses(String text, Getter<?> getter) {
    assertThrows(CorruptException.class, () -> read(text, getter), text);
  }

  @Test
  void matchesNamesWithoutRegardToCaseAndSkipsTheUnknown() throws CorruptException {
    List<String> seen = new ArrayList<>();
    try (JsonInput in = input("{\"x\":{\"name\":[1]},\"NAME\":\"a\",\"mtime\":2,\"other\":null}")) {
      assertTrue(in.beginObject());
      for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
        seen.add(f);
      }
      in.finish();
    }
    assertEquals(List.of("name", "mTime", "other"), seen);
  }

  @Test
  void takesNullForZero() throws CorruptException {
    assertEquals("", read("null", JsonInput::string));
    assertEquals(0L, read("null", JsonInput::int64).longValue());
    assertEquals(0L, read("null", in -> in.integer(5, 6)).longValue());
    assertEquals(false, read("null", JsonInput::bool));
    assertEquals(0.0, read("null", JsonInput::number).doubleValue());
    assertEquals(0L, read("null", JsonInput::timeNanos).longValue());
    assertEquals(GoTime.ZERO, read("null", JsonInput::instant));
    assertEquals(List.of(), read("null", JsonInput::strings));
    assertEquals(Map.of(), read("null", JsonInput::stringMap));
    assertFalse(read("null", JsonInput::beginObject));
    try (JsonInput in = input("[null,null]")) {
      in.beginArray();
      in.nextElement();
      assertNull(in.optionalInt64());
      in.nextElement();
      assertNull(in.optionalBool());
    }
    assertEquals(0, read("null", JsonInput::base64).length);
  }

  @Test
  void readsValues() throws CorruptException {
    assertEquals("é😀<\ufffdx", read("\"é\\ud83d\\ude00\\u003c\\ud800x\"", JsonInput::string));
    assertEquals(Long.MIN_VALUE, read("-9223372036854775808", JsonInput::int64).longValue());
    assertEquals(1e3, read("1e3", JsonInput::number).doubleValue());
    assertEquals(List.of("a", ""), read("[\"a\",null]", JsonInput::strings));
    assertEquals(
        Map.of("b", "1", "a", "2"), read("{\"b\":\"1\",\"a\":\"2\"}", JsonInput::stringMap));
    assertArrayEquals(new byte[] {-1, 0}, read("\"/wA=\"", JsonInput::base64));
    assertEquals(
        7L, read("\"1970-01-01T02:00:00.000000007+02:00\"", JsonInput::timeNanos).longValue());
  }

  @Test
  void refusesWhatGoRefuses() {
    refuses("1.0", JsonInput::int64);
    refuses("1e3", JsonInput::int64);
    refuses("9223372036854775808", JsonInput::int64);
    refuses("2147483648", JsonInput::int32);
    refuses("\"1\"", JsonInput::int64);
    refuses("1", JsonInput::string);
    refuses("0", JsonInput::bool);
    refuses("[]", JsonInput::beginObject);
    refuses("{}", JsonInput::strings);
    refuses("[1]", JsonInput::strings);
    refuses("\"yesterday\"", JsonInput::timeNanos);
    refuses("\"?\"", JsonInput::base64);
    refuses("1e999", JsonInput::number);
    refuses("", JsonInput::string);
    refuses("\"", JsonInput::string);
    refuses("NaN", JsonInput::number);
    refuses("'x'", JsonInput::string);
    refuses("\"a\nb\"", JsonInput::string);
    refuses("1 2", JsonInput::int64);
    refuses(
        "[1,]",
        in -> {
          in.skip();
          return "";
        });
  }

  @Test
  void namesDocumentAndFieldButNotTheData() {
    CorruptException e =
        assertThrows(
            CorruptException.class,
            () -> {
              try (JsonInput in = input("{\"name\":\"secret-value\"}")) {
                in.beginObject();
                in.nextField(FIELDS);
                in.int64();
              }
            });
    assertTrue(String.valueOf(e.getMessage()).startsWith("test at byte "), e.getMessage());
    assertTrue(
        String.valueOf(e.getMessage()).contains("name: expected an integer"), e.getMessage());
    assertFalse(e.toString().contains("secret"), e.getMessage());
    CorruptException malformed =
        assertThrows(CorruptException.class, () -> read("{\"name\":secret}", in -> in.raw()));
    assertFalse(malformed.toString().contains("secret"), malformed.getMessage());
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset :
        List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
      byte[] bytes = "{\"a\":1}".getBytes(charset);
      assertThrows(CorruptException.class, () -> JsonInput.checkWellFormed("test", bytes));
    }
    byte[] invalid = {'"', (byte) 0xff, '"'};
    assertThrows(CorruptException.class, () -> JsonInput.checkWellFormed("test", invalid));
  }

  @Test
  void limitsDepthAndLengths() throws CorruptException {
    int depth = JsonInput.MAX_DEPTH;
    JsonInput.checkWellFormed("test", utf8("[".repeat(depth) + "]".repeat(depth)));
    byte[] deep = utf8("[".repeat(depth + 1) + "]".repeat(depth + 1));
    assertThrows(CorruptException.class, () -> JsonInput.checkWellFormed("test", deep));
    byte[] endless = utf8("[".repeat(1_000_000));
    assertThrows(CorruptException.class, () -> JsonInput.checkWellFormed("test", endless));
    refuses("1".repeat(1000), JsonInput::int64);
    refuses("{\"" + "n".repeat(JsonInput.MAX_NAME_CHARS + 1) + "\":1}", JsonInput::stringMap);
  }

  @Test
  void capturesValuesAsTheyStand() throws CorruptException {
    List<String> values =
        List.of(
            "1",
            "-12.50e+3",
            "\"\"",
            "\"é\\u003c\\\"\"",
            "true",
            "null",
            "{ }",
            "[1, 2 ,3 ]",
            "{\"a\": {\"b\" : [ {} ]}, \"c\":\"]}\"}",
            "\"" + "x".repeat(10_000) + "\"");
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 200; round++) {
      StringBuilder text = new StringBuilder(" ".repeat(random.nextInt(3)) + "[");
      List<String> expected = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        String value = values.get(random.nextInt(values.size()));
        text.append(expected.isEmpty() ? "" : ",").append(" ".repeat(random.nextInt(2)));
        text.append(value).append("\n".repeat(random.nextInt(2)));
        expected.add(value);
      }
      byte[] bytes = utf8("###" + text + "]##");
      List<String> found = new ArrayList<>();
      try (JsonInput in = JsonInput.of("test", bytes, 3, bytes.length - 5)) {
        assertTrue(in.beginArray());
        while (in.nextElement()) {
          found.add(Upper.text(in.raw()));
        }
        in.finish();
      }
      assertEquals(expected, found);
    }
  }

  @Test
  void passesOnFailuresOfTheStream() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("store gone");
          }

          @Override
          public int read(byte[] b, int off, int len) throws IOException {
            return read();
          }
        };
    try (JsonInput in = JsonInput.of("test", failing)) {
      UncheckedIOException e = assertThrows(UncheckedIOException.class, in::string);
      assertEquals("java.io.IOException: store gone", e.getMessage());
    }
  }

  @Test
  void leavesTheStreamOpen() throws IOException {
    boolean[] closed = new boolean[1];
    InputStream stream =
        new ByteArrayInputStream(utf8("[1]")) {
          @Override
          public void close() {
            closed[0] = true;
          }
        };
    try (JsonInput in = JsonInput.of("test", stream)) {
      in.skip();
      in.finish();
    }
    assertFalse(closed[0]);
  }

  @Test
  void refusesMisuse() throws CorruptException {
    try (JsonInput in = input("1")) {
      in.skip();
      assertThrows(IllegalStateException.class, in::skip);
    }
    try (JsonInput in = JsonInput.of("test", InputStream.nullInputStream())) {
      assertThrows(IllegalStateException.class, in::raw);
    }
    assertThrows(IllegalArgumentException.class, () -> JsonFields.of("a", "A"));
  }

  @Test
  void looksAtAValueWithoutTakingIt() throws Exception {
    try (JsonInput in = input("{\"a\":{\"b\":1},\"c\":null,\"d\":[2]}")) {
      assertTrue(in.isObject());
      assertTrue(in.isObject());
      assertTrue(in.beginObject());
      assertEquals("a", in.nextKey());
      assertFalse(in.isNull());
      assertTrue(in.isObject());
      // Left due, so it is passed over.
      assertEquals("c", in.nextKey());
      assertFalse(in.isObject());
      assertTrue(in.isNull());
      assertEquals("d", in.nextKey());
      assertFalse(in.isObject());
      assertEquals("[2]", new String(in.raw(), StandardCharsets.UTF_8));
      assertNull(in.nextKey());
      in.finish();
    }
  }
}
