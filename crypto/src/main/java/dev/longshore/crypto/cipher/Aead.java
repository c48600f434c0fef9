package dev.longshore.crypto.cipher;

import dev.longshore.crypto.openssl.EvpCipher;

/// An authenticated cipher with keys of 32 bytes, nonces of 12 and tags of 16.
enum Aead {
  AES_256_GCM,
  CHACHA20_POLY1305;

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  EvpCipher.Kind system() {
    return switch (this) {
      case AES_256_GCM -> EvpCipher.Kind.AES_256_GCM;
      case CHACHA20_POLY1305 -> EvpCipher.Kind.CHACHA20_POLY1305;
    };
  }
}
