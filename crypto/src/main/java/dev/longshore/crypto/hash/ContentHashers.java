package dev.longshore.crypto.hash;

import java.util.Arrays;

/// Makes the hash of a repository from its algorithm and its secret.
public final class ContentHashers {
  private static final String BLAKE3_SHORT_KEY_CONTEXT = "kopia blake3 derived key v1";
  private static final int BLAKE2B_BATCH = 4;
  private static final int BLAKE2S_BATCH = 8;
  private static final int SHA3_BATCH = 4;

  // What is compiled is compiled for all hashers of the process.
  private static final VectorTrial BLAKE2B_TRIAL = VectorTrial.startingCold(System::nanoTime);
  private static final VectorTrial BLAKE2S_TRIAL = VectorTrial.startingCold(System::nanoTime);
  private static final VectorTrial SHA3_TRIAL = VectorTrial.startingCold(System::nanoTime);
  private static final VectorTrial BLAKE3_TRIAL = VectorTrial.startingCold(System::nanoTime);

  private ContentHashers() {}

  /// A hasher keyed with `secret`, which is copied.
  ///
  /// @throws IllegalArgumentException if the secret is empty or longer than
  ///   [HashAlgorithm#maxSecretBytes]
  public static ContentHasher keyed(HashAlgorithm algorithm, byte[] secret) {
    if (secret.length == 0 || secret.length > algorithm.maxSecretBytes()) {
      throw new IllegalArgumentException(
          algorithm.wireName()
              + " needs a secret of 1.."
              + algorithm.maxSecretBytes()
              + " bytes, got "
              + secret.length);
    }
    int size = algorithm.sizeBytes();
    return switch (algorithm) {
      case BLAKE2B_256, BLAKE2B_256_128 -> blake2b(secret, size, BLAKE2B_TRIAL);
      case BLAKE2S_128, BLAKE2S_256 -> blake2s(secret, size, BLAKE2S_TRIAL);
      case BLAKE3_256, BLAKE3_256_128 -> blake3(secret, size, BLAKE3_TRIAL);
      case HMAC_SHA224 -> new HmacHasher("HmacSHA224", secret, size);
      case HMAC_SHA256, HMAC_SHA256_128 -> new HmacHasher("HmacSHA256", secret, size);
      case HMAC_SHA3_224, HMAC_SHA3_256 -> hmacSha3(secret, size, SHA3_TRIAL);
    };
  }

  /// BLAKE2b with a 32-byte digest, cut to `size` bytes.
  static ContentHasher blake2b(byte[] secret, int size, VectorTrial trial) {
    byte[] key = secret.clone();
    return new BatchHasher(
        new BlakeHasher(() -> new Blake2b(key, 32), size),
        () -> new Blake2bLanes(new Blake2b(key, 32), size),
        BLAKE2B_BATCH,
        trial);
  }

  /// BLAKE2s with a digest of `size` bytes.
  static ContentHasher blake2s(byte[] secret, int size, VectorTrial trial) {
    byte[] key = secret.clone();
    return new BatchHasher(
        new BlakeHasher(() -> new Blake2s(key, size), size),
        () -> new Blake2sLanes(new Blake2s(key, size), size),
        BLAKE2S_BATCH,
        trial);
  }

  /// HMAC with the SHA-3 of `size` bytes, 28 or 32.
  static ContentHasher hmacSha3(byte[] secret, int size, VectorTrial trial) {
    byte[] key = secret.clone();
    return new BatchHasher(
        new HmacHasher("HmacSHA3-" + 8 * size, secret, size),
        () -> new HmacSha3Lanes(key, size),
        SHA3_BATCH,
        trial);
  }

  /// BLAKE3 with the first 32 bytes of the secret, or with a key derived from a shorter one.
  static ContentHasher blake3(byte[] secret, int size, VectorTrial trial) {
    byte[] key =
        secret.length >= Blake3.KEY_BYTES
            ? Arrays.copyOf(secret, Blake3.KEY_BYTES)
            : Blake3.deriveKey(BLAKE3_SHORT_KEY_CONTEXT, secret);
    return new BlakeHasher(() -> Blake3.keyed(key, trial), size);
  }
}
