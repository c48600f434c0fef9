package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.Vectors.Vector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class CipherGoldenTest {
  @Test
  void sealsAndOpensContentsAsUpstreamDoes() throws IOException {
    List<Vector> vectors = Vectors.of("encryption");
    assertEquals(12, vectors.size());
    for (Vector vector : vectors) {
      byte[] stored = vector.bytes("stored");
      byte[] iv = vector.bytes("iv");
      byte[] plain = Vectors.data(vector.number("dataLength"));
      ContentCipher cipher =
          ContentCiphers.create(
              CipherAlgorithm.byName(vector.text("encryption")).orElseThrow(),
              vector.bytes("masterKey"),
              new FixedNonce(Arrays.copyOf(stored, 12)));
      assertArrayEquals(stored, cipher.seal(plain, iv), vector::toString);
      assertArrayEquals(plain, cipher.open(stored, iv), vector::toString);
      assertArrayEquals(plain, cipher.open(stored, iv), "the second time");
    }
  }

  @Test
  void sealsAndOpensTheFormatBlockAsUpstreamDoes() throws IOException {
    List<Vector> vectors = Vectors.of("formatKey");
    assertEquals(4, vectors.size());
    for (Vector vector : vectors) {
      byte[] stored = Base64.getDecoder().decode(vector.text("encryptedBlockFormat"));
      BlobCipher cipher =
          BlobCipher.forFormatBlob(
              vector.bytes("key"),
              vector.bytes("uniqueID"),
              new FixedNonce(Arrays.copyOf(stored, 12)));
      byte[] plain = cipher.open(stored);
      assertTrue(new String(plain, StandardCharsets.UTF_8).startsWith("{\"format\":{"));
      assertArrayEquals(stored, cipher.seal(plain));
    }
  }

  @Test
  void sealsAndOpensTheMaintenanceScheduleAsUpstreamDoes()
      throws IOException, GeneralSecurityException {
    Vector vector = Vectors.of("maintenance").getFirst();
    byte[] stored = Base64.getDecoder().decode(vector.text("stored"));
    BlobCipher cipher =
        BlobCipher.forMaintenance(
            vector.bytes("keyMaterial"),
            vector.bytes("uniqueID"),
            new FixedNonce(Arrays.copyOf(stored, 12)));
    byte[] plain = cipher.open(stored);
    assertEquals(
        vector.text("sha256"), Vectors.hex(MessageDigest.getInstance("SHA-256").digest(plain)));
    assertArrayEquals(stored, cipher.seal(plain));
  }
}
