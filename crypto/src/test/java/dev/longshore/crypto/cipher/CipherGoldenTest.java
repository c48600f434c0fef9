package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.Vectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CipherGoldenTest {
  @Test
  void sealsAndOpensContentsAsUpstreamDoes() throws IOException {
    List<Map<String, String>> vectors = Vectors.of("encryption");
    assertEquals(12, vectors.size());
    for (Map<String, String> vector : vectors) {
      byte[] stored = Vectors.hex(vector.get("stored"));
      byte[] iv = Vectors.hex(vector.get("iv"));
      byte[] plain = Vectors.data(Integer.parseInt(vector.get("dataLength")));
      ContentCipher cipher =
          ContentCiphers.create(
              CipherAlgorithm.byName(vector.get("encryption")).orElseThrow(),
              Vectors.hex(vector.get("masterKey")),
              new FixedNonce(Arrays.copyOf(stored, 12)));
      assertArrayEquals(stored, cipher.seal(plain, iv), vector::toString);
      assertArrayEquals(plain, cipher.open(stored, iv), vector::toString);
      assertArrayEquals(plain, cipher.open(stored, iv), "the second time");
    }
  }

  @Test
  void sealsAndOpensTheFormatBlockAsUpstreamDoes() throws IOException {
    List<Map<String, String>> vectors = Vectors.of("formatKey");
    assertEquals(4, vectors.size());
    for (Map<String, String> vector : vectors) {
      byte[] stored = Base64.getDecoder().decode(vector.get("encryptedBlockFormat"));
      BlobCipher cipher =
          BlobCipher.forFormatBlob(
              Vectors.hex(vector.get("key")),
              Vectors.hex(vector.get("uniqueID")),
              new FixedNonce(Arrays.copyOf(stored, 12)));
      byte[] plain = cipher.open(stored);
      assertTrue(new String(plain, StandardCharsets.UTF_8).startsWith("{\"format\":{"));
      assertArrayEquals(stored, cipher.seal(plain));
    }
  }
}
