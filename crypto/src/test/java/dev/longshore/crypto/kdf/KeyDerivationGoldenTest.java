package dev.longshore.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyDerivationGoldenTest {
  @Test
  void derivesTheFormatKeyAsUpstreamDoes() throws IOException {
    List<Map<String, String>> vectors = Vectors.of("formatKey");
    assertEquals(4, vectors.size());
    for (Map<String, String> vector : vectors) {
      byte[] key =
          KeyDerivation.byName(vector.get("keyAlgo"))
              .orElseThrow()
              .deriveKey(
                  vector.get("password").getBytes(StandardCharsets.UTF_8),
                  Vectors.hex(vector.get("uniqueID")));
      assertEquals(vector.get("key"), Vectors.hex(key), vector::toString);
    }
  }
}
