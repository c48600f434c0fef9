package dev.longshore.format.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonFuzzTest {
  private static final List<byte[]> SAMPLES =
      List.of(
          Upper.bytes("directory-edge-cases.json"), Upper.bytes("directory-invalid-names.json"));

  @Test
  void findsAnyDocumentWellFormedOrCorrupt() throws IOException {
    JsonFuzz.run(1, SAMPLES, bytes -> JsonInput.checkWellFormed("test", bytes));
  }

  @Test
  void readsStreamsLikeBytes() throws IOException {
    JsonFuzz.run(
        2,
        SAMPLES,
        bytes -> {
          try (JsonInput in = JsonInput.of("test", new ByteArrayInputStream(bytes))) {
            in.skip();
            in.finish();
          }
        });
  }

  @Test
  void rearrangesAnyBytesWithoutFailing() throws IOException {
    JsonFuzz.run(
        3,
        SAMPLES,
        bytes -> {
          byte[] indented = JsonText.indent(bytes);
          byte[] compact = JsonText.compact(bytes);
          JsonInput.checkWellFormed("test", bytes);
          JsonInput.checkWellFormed("test", indented);
          JsonInput.checkWellFormed("test", compact);
        });
  }
}
