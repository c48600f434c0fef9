package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentHashersGoldenTest {
  @Test
  void hashesAsUpstreamDoes() throws IOException {
    List<Map<String, String>> vectors = Vectors.of("hash");
    assertEquals(66, vectors.size());
    for (Map<String, String> vector : vectors) {
      HashAlgorithm algorithm = HashAlgorithm.byName(vector.get("hash")).orElseThrow();
      ContentHasher hasher = ContentHashers.keyed(algorithm, Vectors.hex(vector.get("secret")));
      byte[] data = Vectors.data(Integer.parseInt(vector.get("dataLength")));
      assertEquals(vector.get("digest"), Vectors.hex(hasher.hash(data)), vector::toString);
      assertEquals(algorithm.sizeBytes(), hasher.sizeBytes(), vector::toString);
    }
  }
}
