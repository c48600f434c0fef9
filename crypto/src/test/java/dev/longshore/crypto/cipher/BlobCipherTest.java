package dev.longshore.crypto.cipher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.crypto.Vectors;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlobCipherTest {
  private static final SecureRandom NONCES = new SecureRandom();
  private final byte[] key = Vectors.data(32);
  private final byte[] uniqueId = Vectors.data(40);

  @Test
  void opensWhatItSealed() throws UnauthenticException {
    BlobCipher cipher = BlobCipher.forFormatBlob(key, uniqueId, NONCES);
    for (int length : new int[] {0, 2, 100, 5000}) {
      byte[] sealed = cipher.seal(Vectors.data(length));
      assertEquals(length + 28, sealed.length);
      assertArrayEquals(Vectors.data(length), cipher.open(sealed));
    }
  }

  @Test
  void refusesDamageCutsAndOtherKeys() {
    BlobCipher cipher = BlobCipher.forFormatBlob(key, uniqueId, NONCES);
    byte[] sealed = cipher.seal(Vectors.data(50));
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] forged = sealed.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(UnauthenticException.class, () -> cipher.open(forged));
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThrows(UnauthenticException.class, () -> cipher.open(cut));
    }
    BlobCipher otherId = BlobCipher.forFormatBlob(key, Vectors.data(41), NONCES);
    assertThrows(UnauthenticException.class, () -> otherId.open(sealed));
    BlobCipher otherPurpose = BlobCipher.forMaintenance(key, uniqueId, NONCES);
    assertThrows(UnauthenticException.class, () -> otherPurpose.open(sealed));
  }
}
