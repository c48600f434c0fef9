package dev.longshore.crypto.hash;

import java.util.Optional;

/// The keyed hashes a repository can name its contents with.
///
/// `BLAKE2B-256-128` is a cut 32-byte BLAKE2b, while `BLAKE2S-128` is BLAKE2s with a true output
/// length of 16 bytes: the two are different constructions.
///
/// Source: `repo/hashing/*.go`, commit 4ebb2be6c.
public enum HashAlgorithm {
  /// Keyed BLAKE2b, 32 bytes.
  BLAKE2B_256("BLAKE2B-256", 32),
  /// The first 16 bytes of [#BLAKE2B_256]; the default of new repositories.
  BLAKE2B_256_128("BLAKE2B-256-128", 16),
  /// Keyed BLAKE2s, 16 bytes.
  BLAKE2S_128("BLAKE2S-128", 16),
  /// Keyed BLAKE2s, 32 bytes.
  BLAKE2S_256("BLAKE2S-256", 32),
  /// Keyed BLAKE3, 32 bytes.
  BLAKE3_256("BLAKE3-256", 32),
  /// The first 16 bytes of [#BLAKE3_256].
  BLAKE3_256_128("BLAKE3-256-128", 16),
  /// HMAC with SHA-224, 28 bytes.
  HMAC_SHA224("HMAC-SHA224", 28),
  /// HMAC with SHA-256, 32 bytes.
  HMAC_SHA256("HMAC-SHA256", 32),
  /// The first 16 bytes of [#HMAC_SHA256].
  HMAC_SHA256_128("HMAC-SHA256-128", 16),
  /// HMAC with SHA3-224, 28 bytes.
  HMAC_SHA3_224("HMAC-SHA3-224", 28),
  /// HMAC with SHA3-256, 32 bytes.
  HMAC_SHA3_256("HMAC-SHA3-256", 32);

  private final String wireName;
  private final int sizeBytes;

  HashAlgorithm(String wireName, int sizeBytes) {
    this.wireName = wireName;
    this.sizeBytes = sizeBytes;
  }

  /// The name in the format blob, for example `BLAKE2B-256-128`.
  public String wireName() {
    return wireName;
  }

  /// The length of a hash in bytes: 16, 28 or 32.
  public int sizeBytes() {
    return sizeBytes;
  }

  /// The longest secret the algorithm takes, in bytes.
  public int maxSecretBytes() {
    return switch (this) {
      case BLAKE2B_256, BLAKE2B_256_128 -> 64;
      case BLAKE2S_128, BLAKE2S_256 -> 32;
      case BLAKE3_256,
          BLAKE3_256_128,
          HMAC_SHA224,
          HMAC_SHA256,
          HMAC_SHA256_128,
          HMAC_SHA3_224,
          HMAC_SHA3_256 ->
          Integer.MAX_VALUE;
    };
  }

  /// The algorithm with this wire name, or empty if there is none.
  public static Optional<HashAlgorithm> byName(String wireName) {
    for (HashAlgorithm algorithm : values()) {
      if (algorithm.wireName.equals(wireName)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }
}
