package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.Vectors.Vector;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentHashersGoldenTest {
  @Test
  void hashesAsUpstreamDoes() throws IOException {
    List<Vector> vectors = Vectors.of("hash");
    assertEquals(66, vectors.size());
    for (Vector vector : vectors) {
      HashAlgorithm algorithm = HashAlgorithm.byName(vector.text("hash")).orElseThrow();
      ContentHasher hasher = ContentHashers.keyed(algorithm, vector.bytes("secret"));
      byte[] data = Vectors.data(vector.number("dataLength"));
      assertEquals(vector.text("digest"), Vectors.hex(hasher.hash(data)), vector::toString);
      assertEquals(algorithm.sizeBytes(), hasher.sizeBytes(), vector::toString);
    }
  }
}
