package dev.longshore.crypto.hash;

import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.params.Blake3Parameters;

/// Makes the hash of a repository from its algorithm and its secret.
public final class ContentHashers {
  private static final String BLAKE3_SHORT_KEY_CONTEXT = "kopia blake3 derived key v1";
  private static final int BLAKE3_KEY_BYTES = 32;

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
    byte[] key = secret.clone();
    int size = algorithm.sizeBytes();
    return switch (algorithm) {
      case BLAKE2B_256, BLAKE2B_256_128 ->
          new DigestHasher(() -> new Blake2bDigest(key, 32, null, null), size);
      case BLAKE2S_128, BLAKE2S_256 ->
          new DigestHasher(() -> new Blake2sDigest(key, size, null, null), size);
      case BLAKE3_256, BLAKE3_256_128 -> {
        byte[] blake3Key = blake3Key(key);
        yield new DigestHasher(() -> keyedBlake3(blake3Key), size);
      }
      case HMAC_SHA224 -> new HmacHasher("HmacSHA224", key, size);
      case HMAC_SHA256, HMAC_SHA256_128 -> new HmacHasher("HmacSHA256", key, size);
      case HMAC_SHA3_224 -> new HmacHasher("HmacSHA3-224", key, size);
      case HMAC_SHA3_256 -> new HmacHasher("HmacSHA3-256", key, size);
    };
  }

  private static Blake3Digest keyedBlake3(byte[] key) {
    Blake3Digest digest = new Blake3Digest(32);
    digest.init(Blake3Parameters.key(key));
    return digest;
  }

  private static byte[] blake3Key(byte[] secret) {
    byte[] key = new byte[BLAKE3_KEY_BYTES];
    if (secret.length >= BLAKE3_KEY_BYTES) {
      System.arraycopy(secret, 0, key, 0, BLAKE3_KEY_BYTES);
    } else {
      Blake3Digest digest = new Blake3Digest(32);
      digest.init(
          Blake3Parameters.context(
              BLAKE3_SHORT_KEY_CONTEXT.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      digest.update(secret, 0, secret.length);
      digest.doFinal(key, 0);
    }
    return key;
  }
}
