package dev.longshore.crypto.cipher;

import java.security.SecureRandom;

/// Gives the same bytes again and again, so that sealing can be compared with stored vectors.
final class FixedNonce extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final byte[] nonce;

  FixedNonce(byte[] nonce) {
    this.nonce = nonce.clone();
  }

  @Override
  public void nextBytes(byte[] bytes) {
    System.arraycopy(nonce, 0, bytes, 0, bytes.length);
  }
}
