package dev.longshore.crypto;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Test vectors that upstream's own packages produced.
public final class Vectors {
  private Vectors() {}

  /// The flat objects of one array in the file.
  public static List<Vector> of(String array) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(Vectors.class.getResourceAsStream("kopia-vectors.json"));
        JsonParser parser = new JsonFactory().createParser(in)) {
      JsonToken token = parser.nextToken();
      while (token != JsonToken.FIELD_NAME || !array.equals(parser.currentName())) {
        token = Objects.requireNonNull(parser.nextToken(), "no vectors named " + array);
      }
      List<Vector> found = new ArrayList<>();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, String> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, parser.getText());
        }
        found.add(new Vector(fields));
      }
      return found;
    }
  }

  /// One flat object of the file.
  public record Vector(Map<String, String> fields) {
    /// The value of a field.
    public String text(String field) {
      return Objects.requireNonNull(fields.get(field), field);
    }

    /// The value of a field in hexadecimal.
    public byte[] bytes(String field) {
      return HexFormat.of().parseHex(text(field));
    }

    /// The value of a numeric field.
    public int number(String field) {
      return Integer.parseInt(text(field));
    }
  }

  /// The input of the vectors: byte i is (7·i + ⌊i/251⌋) mod 256.
  public static byte[] data(int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i * 7 + i / 251);
    }
    return data;
  }

  /// Hexadecimal from bytes.
  public static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
