package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.crypto.FuzzRun;
import dev.longshore.crypto.Vectors;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever the bytes, opening something that was not sealed ends in an [UnauthenticException].
class CipherFuzzTest {
  private final SecureRandom nonces = new SecureRandom();
  private final BlobCipher blob =
      BlobCipher.forFormatBlob(Vectors.data(32), Vectors.data(32), nonces);

  @Test
  void randomAndBrokenBytesAreRefused() {
    ContentCipher aes =
        ContentCiphers.create(CipherAlgorithm.AES256_GCM_HMAC_SHA256, Vectors.data(32), nonces);
    ContentCipher chacha =
        ContentCiphers.create(
            CipherAlgorithm.CHACHA20_POLY1305_HMAC_SHA256, Vectors.data(32), nonces);
    FuzzRun.check(
        4000,
        random -> {
          ContentCipher cipher = random.nextBoolean() ? aes : chacha;
          byte[] iv = bytes(random, random.nextInt(40));
          byte[] sealed =
              random.nextBoolean()
                  ? bytes(random, random.nextInt(200))
                  : broken(cipher.seal(bytes(random, random.nextInt(200)), iv), random);
          assertThrows(UnauthenticException.class, () -> cipher.open(sealed, iv));
          assertThrows(UnauthenticException.class, () -> blob.open(sealed));
        });
  }

  private static byte[] broken(byte[] sealed, Random random) {
    int at = random.nextInt(sealed.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(sealed, at);
      case 1 -> Arrays.copyOf(sealed, sealed.length + 1 + random.nextInt(50));
      default -> {
        sealed[at] ^= (byte) (1 + random.nextInt(255));
        yield sealed;
      }
    };
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
