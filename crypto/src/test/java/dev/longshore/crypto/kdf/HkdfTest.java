package dev.longshore.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.crypto.Vectors;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;

class HkdfTest {
  @Test
  void givesTheKeysOfTheRfc() {
    byte[] ikm = new byte[22];
    Arrays.fill(ikm, (byte) 0x0b);
    byte[] salt = HexFormat.of().parseHex("000102030405060708090a0b0c");
    byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");
    assertEquals(
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        Vectors.hex(Hkdf.sha256(ikm, salt, info, 42)));
    assertEquals(
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        Vectors.hex(Hkdf.sha256(ikm, new byte[0], new byte[0], 42)));
  }

  @Test
  void equalsAnIndependentImplementationForAllLengths() {
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      byte[] ikm = bytes(random, random.nextInt(80));
      byte[] salt = bytes(random, random.nextInt(80));
      byte[] info = bytes(random, random.nextInt(40));
      byte[] expected = new byte[1 + random.nextInt(200)];
      HKDFBytesGenerator reference = new HKDFBytesGenerator(new SHA256Digest());
      reference.init(new HKDFParameters(ikm, salt, info));
      reference.generateBytes(expected, 0, expected.length);
      assertArrayEquals(expected, Hkdf.sha256(ikm, salt, info, expected.length));
    }
  }

  @Test
  void refusesLengthsThatHkdfCannotGive() {
    byte[] any = new byte[32];
    assertThrows(IllegalArgumentException.class, () -> Hkdf.sha256(any, any, any, 0));
    assertThrows(IllegalArgumentException.class, () -> Hkdf.sha256(any, any, any, 8161));
    assertEquals(8160, Hkdf.sha256(any, any, any, 8160).length);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
