package dev.longshore.crypto.cipher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A cipher of the JDK's providers.
final class JdkAeadCipher implements AeadCipher {
  private final Aead aead;
  private final Cipher cipher;

  JdkAeadCipher(Aead aead) {
    this.aead = aead;
    String transformation =
        switch (aead) {
          case AES_256_GCM -> "AES/GCM/NoPadding";
          case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
        };
    try {
      this.cipher = Cipher.getInstance(transformation);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks " + transformation, e);
    }
  }

  @Override
  public void seal(byte[] key, byte[] associated, Range in, Range out) {
    try {
      begin(Cipher.ENCRYPT_MODE, key, out, associated);
      cipher.doFinal(in.bytes, in.offset, in.length, out.bytes, out.offset + Aead.NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(cipher.getAlgorithm() + " failed to seal", e);
    }
  }

  @Override
  public void seal(byte[] key, byte[] nonce, byte[] associated, Range in, PieceSink sink)
      throws IOException {
    try {
      begin(Cipher.ENCRYPT_MODE, key, new Range(nonce, 0, nonce.length), associated);
      sink.accept(ByteBuffer.wrap(nonce));
      byte[] piece = new byte[Math.min(in.length, PIECE_BYTES) + Aead.TAG_BYTES];
      int at = 0;
      for (; in.length - at > PIECE_BYTES; at += PIECE_BYTES) {
        int done = cipher.update(in.bytes, in.offset + at, PIECE_BYTES, piece);
        sink.accept(ByteBuffer.wrap(piece, 0, done));
      }
      int done = cipher.doFinal(in.bytes, in.offset + at, in.length - at, piece);
      sink.accept(ByteBuffer.wrap(piece, 0, done));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(cipher.getAlgorithm() + " failed to seal", e);
    }
  }

  @Override
  public void open(byte[] key, byte[] associated, Range in, Range out) throws AEADBadTagException {
    try {
      begin(Cipher.DECRYPT_MODE, key, in, associated);
      cipher.doFinal(
          in.bytes,
          in.offset + Aead.NONCE_BYTES,
          in.length - Aead.NONCE_BYTES,
          out.bytes,
          out.offset);
    } catch (AEADBadTagException e) {
      AeadCipher.wipe(out);
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(cipher.getAlgorithm() + " failed to open", e);
    }
  }

  private void begin(int mode, byte[] key, Range sealed, byte[] associated)
      throws GeneralSecurityException {
    switch (aead) {
      case AES_256_GCM -> cipher.init(mode, new SecretKeySpec(key, "AES"), nonce(sealed));
      case CHACHA20_POLY1305 ->
          cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), nonce(sealed));
    }
    cipher.updateAAD(associated);
  }

  private AlgorithmParameterSpec nonce(Range sealed) {
    return switch (aead) {
      case AES_256_GCM ->
          new GCMParameterSpec(8 * Aead.TAG_BYTES, sealed.bytes, sealed.offset, Aead.NONCE_BYTES);
      case CHACHA20_POLY1305 -> new IvParameterSpec(sealed.bytes, sealed.offset, Aead.NONCE_BYTES);
    };
  }
}
