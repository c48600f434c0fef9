package dev.longshore.crypto.cipher;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Opens what is too large for memory, piece by piece. Nothing of it may be believed before
/// [#finish] has returned. For one use by one thread.
///
/// The JDK's ciphers hold all plain bytes back until they have seen the tag. This one deciphers
/// with the stream cipher inside the AEAD, and seals the plain bytes again to learn what the tag
/// should have been: twice the work, in constant memory.
public final class PieceOpener {
  private final Cipher decipher;
  private final Cipher check;
  private byte[] resealed = new byte[0];

  PieceOpener(Aead aead, byte[] key, byte[] associated, byte[] nonce) {
    try {
      switch (aead) {
        case AES_256_GCM -> {
          SecretKeySpec aes = new SecretKeySpec(key, "AES");
          // Block 1 makes the tag; the plain bytes begin with block 2.
          byte[] block = Arrays.copyOf(nonce, 16);
          block[15] = 2;
          decipher = Cipher.getInstance("AES/CTR/NoPadding");
          decipher.init(Cipher.DECRYPT_MODE, aes, new IvParameterSpec(block));
          check = Cipher.getInstance("AES/GCM/NoPadding");
          check.init(Cipher.ENCRYPT_MODE, aes, new GCMParameterSpec(8 * Aead.TAG_BYTES, nonce));
        }
        case CHACHA20_POLY1305 -> {
          SecretKeySpec chacha = new SecretKeySpec(key, "ChaCha20");
          decipher = Cipher.getInstance("ChaCha20");
          decipher.init(Cipher.DECRYPT_MODE, chacha, new ChaCha20ParameterSpec(nonce, 1));
          check = Cipher.getInstance("ChaCha20-Poly1305");
          check.init(Cipher.ENCRYPT_MODE, chacha, new IvParameterSpec(nonce));
        }
        default -> throw new IllegalStateException("cipher " + aead);
      }
      check.updateAAD(associated);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks a cipher", e);
    }
  }

  /// Deciphers the next bytes of the ciphertext where they are.
  ///
  /// @throws IndexOutOfBoundsException if the range leaves the array
  public void open(byte[] bytes, int offset, int length) {
    Range range = new Range(bytes, offset, length);
    try {
      int room = check.getOutputSize(length);
      if (resealed.length < room) {
        resealed = new byte[room];
      }
      int plain = decipher.update(range.bytes, range.offset, range.length, bytes, offset);
      int _ = check.update(bytes, offset, plain, resealed, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a cipher of the JDK failed", e);
    }
  }

  /// Ends the ciphertext.
  ///
  /// @param tag the bytes after the ciphertext
  /// @throws UnauthenticException if what was deciphered is not what was sealed
  public void finish(byte[] tag) throws UnauthenticException {
    try {
      byte[] end = check.doFinal();
      byte[] expected = Arrays.copyOfRange(end, end.length - Aead.TAG_BYTES, end.length);
      if (!MessageDigest.isEqual(expected, tag)) {
        throw new UnauthenticException("sealed bytes, opened in pieces: the tag differs");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a cipher of the JDK failed", e);
    }
  }
}
