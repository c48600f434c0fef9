package dev.longshore.crypto.cipher;

import dev.longshore.crypto.kdf.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// Makes the content cipher of a repository from its algorithm and its master key.
///
/// Source: `repo/encryption/encryption.go`, commit 4ebb2be6c.
public final class ContentCiphers {
  private static final byte[] SALT = "encryption".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_INFO = new byte[0];
  private static final int KEY_BYTES = 32;

  private ContentCiphers() {}

  /// A cipher that derives its keys from `masterKey`, which is not kept.
  ///
  /// @param nonces where nonces come from; safe for use by many threads
  public static ContentCipher create(
      CipherAlgorithm algorithm, byte[] masterKey, SecureRandom nonces) {
    Aead aead =
        switch (algorithm) {
          case AES256_GCM_HMAC_SHA256 -> Aead.AES_256_GCM;
          case CHACHA20_POLY1305_HMAC_SHA256 -> Aead.CHACHA20_POLY1305;
        };
    return new KeyedByIvCipher(
        algorithm, aead, Hkdf.sha256(masterKey, SALT, NO_INFO, KEY_BYTES), nonces);
  }
}
