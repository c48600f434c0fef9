package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.longshore.format.error.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Reads what Kopia wrote; `golden/PROVENANCE.md` says how.
class CompressionGoldenTest {
  private static final String MIXED_SHA256 =
      "2fb81cbc12717ca6cfb45fc67c8e40898176aaf549286e8f818d37b9f8853e44";

  @Test
  void readsRepeatsFarCopiesAndHolesOfEachCompression()
      throws IOException, NoSuchAlgorithmException {
    byte[] plain = Plain.mixed();
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(plain);
    assertEquals(MIXED_SHA256, HexFormat.of().formatHex(sha256));
    for (Compression compression : Compression.values()) {
      try (InputStream in = open("golden/" + compression.label() + ".bin")) {
        check(compression, plain, in.readAllBytes());
      }
    }
  }

  @Test
  void readsSmallInputsOfEachCompression() throws IOException {
    int samples = 0;
    try (JsonParser parser = new JsonFactory().createParser(open("compression.json"))) {
      String name = "";
      while (parser.nextToken() != null) {
        String field = Objects.requireNonNullElse(parser.currentName(), "");
        if (parser.currentToken() != JsonToken.VALUE_STRING || field.equals("note")) {
          continue;
        }
        if (field.equals("name")) {
          name = parser.getText();
        } else if (field.equals("headerId")) {
          assertEquals(
              Integer.parseInt(parser.getText(), 16), byName(name).headerId(), "id of " + name);
        } else if (parser.getParsingContext().getParent().hasCurrentName()
            && parser.getParsingContext().getParent().getCurrentName().equals("output")) {
          check(byName(name), input(field), HexFormat.of().parseHex(parser.getText()));
          samples++;
        }
      }
    }
    assertEquals(17 * 4, samples);
  }

  @Test
  void readsSamplesOfEachCompression() throws IOException {
    int samples = 0;
    byte[] plain = new byte[0];
    try (JsonParser parser = new JsonFactory().createParser(open("compression-samples.json"))) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING
            && parser.currentName().equals("compressionInput")) {
          plain = Base64.getDecoder().decode(parser.getText());
        }
      }
    }
    try (JsonParser parser = new JsonFactory().createParser(open("compression-samples.json"))) {
      byte[] payload = new byte[0];
      while (parser.nextToken() != null) {
        String field = Objects.requireNonNullElse(parser.currentName(), "");
        if (parser.currentToken() == JsonToken.VALUE_STRING && field.equals("compressed")) {
          payload = Base64.getDecoder().decode(parser.getText());
        } else if (parser.currentToken() == JsonToken.VALUE_STRING && field.equals("name")) {
          check(byName(parser.getText()), plain, payload);
          samples++;
        }
      }
    }
    assertEquals(17, samples);
  }

  private static void check(Compression compression, byte[] plain, byte[] payload)
      throws FormatException {
    String name = compression.label();
    int id = compression.headerId();
    assertArrayEquals(
        plain, CompressedPayload.decompress(payload, 0, payload.length, id, plain.length), name);
    assertArrayEquals(
        plain, CompressedPayload.decompressUnknown(payload, 0, payload.length, 1 << 20), name);
  }

  private static byte[] input(String name) {
    return switch (name) {
      case "empty" -> new byte[0];
      case "two" -> bytes("ab");
      case "text1800" -> bytes("The quick brown fox jumps over the lazy dog. ".repeat(40));
      case "zeros1000" -> new byte[1000];
      default -> throw new AssertionError("no such input: " + name);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static Compression byName(String name) {
    return Compression.byName(name).orElseThrow();
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(CompressionGoldenTest.class.getResourceAsStream(name), name);
  }
}
