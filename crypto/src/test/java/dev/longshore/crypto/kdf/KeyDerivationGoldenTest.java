package dev.longshore.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.Vectors.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyDerivationGoldenTest {
  @Test
  void derivesTheFormatKeyAsUpstreamDoes() throws IOException {
    List<Vector> vectors = Vectors.of("formatKey");
    assertEquals(4, vectors.size());
    for (Vector vector : vectors) {
      byte[] key =
          KeyDerivation.byName(vector.text("keyAlgo"))
              .orElseThrow()
              .deriveKey(
                  vector.text("password").getBytes(StandardCharsets.UTF_8),
                  vector.bytes("uniqueID"));
      assertEquals(vector.text("key"), Vectors.hex(key), vector::toString);
    }
  }
}
