package dev.longshore.crypto.kdf;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// PBKDF2 of RFC 8018 with HMAC-SHA256 over bytes: the JDK's own takes passwords in characters
/// only.
final class Pbkdf2 {
  private static final String HMAC = "HmacSHA256";
  private static final int HASH_BYTES = 32;

  private Pbkdf2() {}

  /// Derives `lengthBytes` bytes, a multiple of 32.
  static byte[] sha256(byte[] password, byte[] salt, int rounds, int lengthBytes)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    // HMAC pads its key with zeros, so one zero is the same key as none, which the JDK refuses.
    mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, HMAC));
    byte[] derived = new byte[lengthBytes];
    byte[] round = new byte[HASH_BYTES];
    for (int block = 0; block < lengthBytes / HASH_BYTES; block++) {
      int number = block + 1;
      mac.update(salt);
      mac.update(new byte[] {0, 0, (byte) (number >>> 8), (byte) number});
      mac.doFinal(round, 0);
      System.arraycopy(round, 0, derived, block * HASH_BYTES, HASH_BYTES);
      for (int i = 1; i < rounds; i++) {
        mac.update(round);
        mac.doFinal(round, 0);
        for (int j = 0; j < HASH_BYTES; j++) {
          derived[block * HASH_BYTES + j] ^= round[j];
        }
      }
    }
    Arrays.fill(round, (byte) 0);
    return derived;
  }
}
