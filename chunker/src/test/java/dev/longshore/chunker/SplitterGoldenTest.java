package dev.longshore.chunker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The cuts and hashes that Kopia itself made. Provenance: `splitter-vectors.json` and
/// `rolling-hash.json` were written by programs on Kopia's own packages, commit 4ebb2be6c.
class SplitterGoldenTest {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  private record Vector(String splitter, int count, String sha256, List<Integer> first) {}

  private record Input(String name, int length, String sha256, List<Vector> vectors) {}

  @Test
  void cutsAsKopiaDoes() throws IOException {
    List<Input> inputs = readInputs();
    assertEquals(16, inputs.size());
    for (Input input : inputs) {
      byte[] data = data(input.name);
      assertEquals(input.length, data.length, input.name);
      assertEquals(input.sha256, sha256(data), input.name);
      assertEquals(23, input.vectors.size());
      for (Vector vector : input.vectors) {
        String where = input.name + " by " + vector.splitter;
        Splitter splitter = SplitterAlgorithm.byName(vector.splitter).orElseThrow().newSplitter();
        // The middle of a chunk is met with large slices and with slices smaller than the window.
        check(vector, Streams.ends(splitter, data, at -> MIB), where);
        splitter.reset();
        check(vector, Streams.ends(splitter, data, at -> at % 8192 < 200 ? 37 : 4099), where);
      }
    }
  }

  @Test
  void referenceCutsAsKopiaDoes() throws IOException {
    for (Input input : readInputs()) {
      byte[] data = data(input.name);
      for (Vector vector : input.vectors) {
        SplitterAlgorithm algorithm = SplitterAlgorithm.byName(vector.splitter).orElseThrow();
        // The oracle is slow; the other sizes differ in nothing but numbers.
        if (vector.splitter.contains("128K")) {
          Splitter reference = new ReferenceSplitter(algorithm);
          String where = input.name + " by " + vector.splitter;
          check(vector, Streams.ends(reference, data, at -> data.length), where);
        }
      }
    }
  }

  @Test
  void hashesAsKopiaDoes() throws IOException {
    Map<String, List<String>> lists = new HashMap<>();
    String polynomial = "";
    try (JsonParser parser = open("rolling-hash.json")) {
      while (parser.nextToken() != null) {
        String field = Objects.requireNonNullElse(parser.currentName(), "");
        if (parser.currentToken() == JsonToken.VALUE_STRING && field.equals("rabinkarp64_pol")) {
          polynomial = parser.getText();
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
          lists.put(field, strings(parser));
        }
      }
    }
    assertEquals(Long.toHexString(RabinKarpTables.POLYNOMIAL), polynomial);
    List<String> table = lists.getOrDefault("buzhash32_table", List.of());
    int[] words = BuzhashTable.words();
    assertEquals(words.length, table.size());
    for (int i = 0; i < words.length; i++) {
      assertEquals(table.get(i), HexFormat.of().toHexDigits(words[i]));
    }
    checkSums(lists.getOrDefault("buzhash32_sums", List.of()), "DYNAMIC-128K-BUZHASH", 8);
    checkSums(lists.getOrDefault("rabinkarp64_sums", List.of()), "DYNAMIC-128K-RABINKARP", 16);
  }

  private static void checkSums(List<String> sums, String splitter, int digits) {
    assertEquals(201, sums.size());
    ReferenceSplitter reference =
        new ReferenceSplitter(SplitterAlgorithm.byName(splitter).orElseThrow());
    byte[] data = Streams.keystream(200);
    assertEquals(sums.getFirst(), HexFormat.of().toHexDigits(reference.hash(), digits));
    for (int i = 0; i < data.length; i++) {
      assertEquals(-1, reference.nextCut(data, i, 1));
      assertEquals(sums.get(i + 1), HexFormat.of().toHexDigits(reference.hash(), digits));
    }
  }

  private static void check(Vector vector, List<Integer> ends, String where) {
    assertEquals(vector.count, ends.size(), where);
    assertEquals(vector.first, ends.subList(0, vector.first.size()), where);
    ByteBuffer all = ByteBuffer.allocate(8 * ends.size());
    ends.forEach(all::putLong);
    assertEquals(vector.sha256, sha256(all.array()), where);
  }

  private static byte[] data(String name) {
    return switch (name) {
      case "aes128ctr-zero-32MiB" -> Streams.keystream(32 * MIB);
      case "zeros-20MiB" -> new byte[20 * MIB];
      case "ff-9MiB" -> Streams.repeat("\u00ff", 9 * MIB);
      case "abcdefgh-20MiB" -> Streams.repeat("abcdefgh", 20 * MIB);
      case "seven-abcdefg-20MiB" -> Streams.repeat("abcdefg", 20 * MIB);
      case "empty" -> new byte[0];
      case "one-byte-00" -> new byte[1];
      case "ctr-65535" -> Streams.keystream(64 * KIB - 1);
      case "ctr-65536" -> Streams.keystream(64 * KIB);
      case "zeros-65536" -> new byte[64 * KIB];
      case "zeros-131072" -> new byte[128 * KIB];
      case "zeros-2MiB-1" -> new byte[2 * MIB - 1];
      case "zeros-2MiB" -> new byte[2 * MIB];
      case "zeros-2MiB+1" -> new byte[2 * MIB + 1];
      case "ctr-4MiB" -> Streams.keystream(4 * MIB);
      case "mixed-ctr3-zero5-ctr7-abcdefg1" -> mixed();
      default -> throw new AssertionError("no such input: " + name);
    };
  }

  private static byte[] mixed() {
    byte[] stream = Streams.keystream(7 * MIB);
    byte[] head = Arrays.copyOf(stream, 3 * MIB);
    return Streams.concat(head, new byte[5 * MIB], stream, Streams.repeat("abcdefg", MIB));
  }

  private static List<Input> readInputs() throws IOException {
    List<Input> inputs = new ArrayList<>();
    try (JsonParser parser = open("splitter-vectors.json")) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      assertEquals("inputs", parser.nextFieldName());
      assertEquals(JsonToken.START_ARRAY, parser.nextToken());
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        inputs.add(readInput(parser));
      }
    }
    return inputs;
  }

  private static Input readInput(JsonParser parser) throws IOException {
    String name = "";
    int length = -1;
    String sha256 = "";
    List<Vector> vectors = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "input" -> name = parser.getText();
        case "length" -> length = parser.getIntValue();
        case "sha256" -> sha256 = parser.getText();
        case "vectors" -> {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            vectors.add(readVector(parser));
          }
        }
        default -> throw new AssertionError("no such field: " + field);
      }
    }
    return new Input(name, length, sha256, vectors);
  }

  private static Vector readVector(JsonParser parser) throws IOException {
    String splitter = "";
    int count = -1;
    String sha256 = "";
    List<Integer> first = List.of();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "splitter" -> splitter = parser.getText();
        case "count" -> count = parser.getIntValue();
        case "sha256_be64" -> sha256 = parser.getText();
        case "first20" -> first = strings(parser).stream().map(Integer::valueOf).toList();
        case "last3" -> parser.skipChildren();
        default -> throw new AssertionError("no such field: " + field);
      }
    }
    return new Vector(splitter, count, sha256, first);
  }

  private static List<String> strings(JsonParser parser) throws IOException {
    List<String> values = new ArrayList<>();
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return values;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(parser.getText());
    }
    return values;
  }

  private static JsonParser open(String name) throws IOException {
    return new JsonFactory()
        .createParser(Objects.requireNonNull(SplitterGoldenTest.class.getResourceAsStream(name)));
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
