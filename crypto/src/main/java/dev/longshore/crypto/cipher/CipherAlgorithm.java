package dev.longshore.crypto.cipher;

import java.util.Optional;

/// The authenticated ciphers a repository can seal its contents with.
///
/// Source: `repo/encryption/*.go`, commit 4ebb2be6c.
public enum CipherAlgorithm {
  /// AES-256-GCM with a key per content; the default of new repositories.
  AES256_GCM_HMAC_SHA256("AES256-GCM-HMAC-SHA256"),
  /// ChaCha20-Poly1305 with a key per content.
  CHACHA20_POLY1305_HMAC_SHA256("CHACHA20-POLY1305-HMAC-SHA256");

  private final String wireName;

  CipherAlgorithm(String wireName) {
    this.wireName = wireName;
  }

  /// The name in the format blob.
  public String wireName() {
    return wireName;
  }

  /// The algorithm with this wire name, or empty if there is none.
  public static Optional<CipherAlgorithm> byName(String wireName) {
    for (CipherAlgorithm algorithm : values()) {
      if (algorithm.wireName.equals(wireName)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
