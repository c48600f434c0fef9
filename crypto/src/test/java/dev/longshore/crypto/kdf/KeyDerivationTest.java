package dev.longshore.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.longshore.crypto.Vectors;
import dev.longshore.crypto.openssl.EvpScrypt;
import dev.longshore.crypto.openssl.LibCrypto;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {
  @Test
  void insecureDerivationMustBeAskedFor() {
    assertTrue(KeyDerivation.byName("testing-only-insecure").isEmpty());
    assertEquals(
        KeyDerivation.TESTING_ONLY_INSECURE,
        KeyDerivation.byNameIncludingInsecure("testing-only-insecure").orElseThrow());
    assertTrue(KeyDerivation.byName("").isEmpty());
    assertTrue(KeyDerivation.byNameIncludingInsecure("scrypt").isEmpty());
  }

  @Test
  void insecureDerivationIsABareHash() {
    assertEquals(
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        Vectors.hex(
            KeyDerivation.TESTING_ONLY_INSECURE.deriveKey(
                "secret".getBytes(StandardCharsets.UTF_8), new byte[32])));
  }

  @Test
  void refusesAShortSalt() {
    for (KeyDerivation derivation : KeyDerivation.values()) {
      assertThrows(
          IllegalArgumentException.class, () -> derivation.deriveKey(new byte[8], new byte[15]));
    }
  }

  @Test
  void scryptEqualsAnIndependentImplementation() {
    byte[] salt = Vectors.data(16);
    byte[] password = "pässwörd".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(
        SCrypt.generate(password, salt, 65536, 8, 1, 32),
        KeyDerivation.SCRYPT_65536_8_1.deriveKey(password, salt));
  }

  /// The one is used where the other is not.
  @Test
  void ownScryptEqualsTheSystems() throws GeneralSecurityException {
    assumeTrue(LibCrypto.isAvailable(), "no libcrypto.so.3 here");
    byte[] salt = Vectors.data(32);
    for (String password : List.of("", "static-passw0rd", "pässwörd")) {
      byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
      byte[] found = new byte[32];
      assertTrue(EvpScrypt.derive(bytes, salt, Scrypt.N, Scrypt.R, found));
      assertArrayEquals(Scrypt.deriveKey(bytes, salt), found);
    }
  }

  @Test
  void scryptTakesAnEmptyPassword() {
    byte[] salt = Vectors.data(32);
    assertArrayEquals(
        SCrypt.generate(new byte[0], salt, 65536, 8, 1, 32),
        KeyDerivation.SCRYPT_65536_8_1.deriveKey(new byte[0], salt));
  }

  @Test
  void pbkdf2EqualsAnIndependentImplementation() throws GeneralSecurityException {
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      byte[] password = new byte[random.nextInt(100)];
      byte[] salt = new byte[16 + random.nextInt(2000)];
      random.nextBytes(password);
      random.nextBytes(salt);
      int rounds = 1 + random.nextInt(4);
      int blocks = 1 + random.nextInt(40);
      PKCS5S2ParametersGenerator reference = new PKCS5S2ParametersGenerator(new SHA256Digest());
      reference.init(password, salt, rounds);
      KeyParameter expected =
          (KeyParameter) reference.generateDerivedMacParameters(8 * 32 * blocks);
      assertArrayEquals(expected.getKey(), Pbkdf2.sha256(password, salt, rounds, 32 * blocks));
    }
  }
}
