package dev.longshore.crypto.cipher;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An authenticated cipher of the JDK with a 12-byte nonce in front and a 16-byte tag at the end.
enum Aead {
  AES_256_GCM("AES/GCM/NoPadding", "AES"),
  CHACHA20_POLY1305("ChaCha20-Poly1305", "ChaCha20");

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private final String transformation;
  private final String keyAlgorithm;

  Aead(String transformation, String keyAlgorithm) {
    this.transformation = transformation;
    this.keyAlgorithm = keyAlgorithm;
  }

  /// One stateful cipher; not safe for use by many threads at once.
  Cipher newCipher() {
    try {
      return Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + transformation, e);
    }
  }

  Key key(byte[] bytes) {
    return new SecretKeySpec(bytes, keyAlgorithm);
  }

  /// Seals `in` behind the nonce that the first bytes of `out` already hold.
  void seal(Cipher cipher, Key key, byte[] associated, Range in, Range out) {
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, nonceAt(out.bytes, out.offset));
      cipher.updateAAD(associated);
      cipher.doFinal(in.bytes, in.offset, in.length, out.bytes, out.offset + NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(transformation + " failed to seal", e);
    }
  }

  /// Opens `in`, which is at least as long as nonce and tag, into `out`.
  void open(Cipher cipher, Key key, byte[] associated, Range in, Range out)
      throws AEADBadTagException {
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, nonceAt(in.bytes, in.offset));
      cipher.updateAAD(associated);
      cipher.doFinal(
          in.bytes, in.offset + NONCE_BYTES, in.length - NONCE_BYTES, out.bytes, out.offset);
    } catch (AEADBadTagException e) {
      Arrays.fill(out.bytes, out.offset, out.offset + out.length, (byte) 0);
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(transformation + " failed to open", e);
    }
  }

  private AlgorithmParameterSpec nonceAt(byte[] bytes, int offset) {
    return switch (this) {
      case AES_256_GCM -> new GCMParameterSpec(8 * TAG_BYTES, bytes, offset, NONCE_BYTES);
      case CHACHA20_POLY1305 -> new IvParameterSpec(bytes, offset, NONCE_BYTES);
    };
  }
}
