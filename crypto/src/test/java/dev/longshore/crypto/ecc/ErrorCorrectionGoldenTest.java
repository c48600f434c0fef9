package dev.longshore.crypto.ecc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.Vectors.Vector;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ErrorCorrectionGoldenTest {
  @Test
  void encodesAndDecodesAsUpstreamDoes() throws IOException, GeneralSecurityException {
    List<Vector> vectors = Vectors.of("ecc");
    assertEquals(196, vectors.size());
    for (Vector vector : vectors) {
      ErrorCorrection correction =
          ErrorCorrections.create(ErrorCorrections.REED_SOLOMON_CRC32, vector.number("percent"))
              .orElseThrow();
      byte[] data = Vectors.data(vector.number("dataLength"));
      byte[] stored = correction.encode(data, 0, data.length);
      String where = vector.text("percent") + "% of " + vector.text("dataLength");
      assertEquals(vector.number("storedLength"), stored.length, where);
      assertEquals(
          vector.text("sha256"),
          Vectors.hex(MessageDigest.getInstance("SHA-256").digest(stored)),
          where);
      assertEquals(stored.length, correction.encodedLength(data.length), where);
      ErrorCorrection.Decoded decoded = correction.decode(stored, 0, stored.length);
      assertArrayEquals(data, decoded.data(), where);
      assertEquals(0, decoded.repairedShards(), where);
    }
  }
}
