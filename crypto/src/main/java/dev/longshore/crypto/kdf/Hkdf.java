package dev.longshore.crypto.kdf;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/// Keys from keys: HKDF of RFC 5869.
public final class Hkdf {
  private Hkdf() {}

  /// Derives `lengthBytes` bytes with SHA-256.
  ///
  /// @param ikm the input key; not changed
  /// @param salt may be empty
  /// @param info may be empty
  /// @throws IllegalArgumentException if the length is not in 1..8160
  public static byte[] sha256(byte[] ikm, byte[] salt, byte[] info, int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > 255 * 32) {
      throw new IllegalArgumentException("HKDF gives 1..8160 bytes, asked for " + lengthBytes);
    }
    try {
      HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(ikm).addSalt(salt);
      return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, lengthBytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's HKDF failed", e);
    }
  }
}
