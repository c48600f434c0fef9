package dev.longshore.crypto.cipher;

import java.io.IOException;

/// Seals contents and named blobs; each `iv` has a key of its own.
///
/// The `iv` is not a nonce: it selects the key and is authenticated. The nonce is random and
/// stored.
///
/// | offset | length | what |
/// | --- | --- | --- |
/// | 0 | 12 | nonce |
/// | 12 | n | ciphertext of the n plain bytes |
/// | 12 + n | 16 | tag over iv and ciphertext |
///
/// Safe for use by many threads at once. No buffer is kept after a call returns.
///
/// Source: `repo/encryption/*_encryptor.go`, commit 4ebb2be6c.
public interface ContentCipher {
  /// Where in the sealed form the ciphertext begins.
  int NONCE_BYTES = 12;

  /// The length of the tag, the sealed form's last bytes.
  int TAG_BYTES = 16;

  /// How much longer the sealed form is: nonce and tag, in bytes.
  int OVERHEAD_BYTES = 28;

  /// Seals `length` bytes with a new random nonce and writes `length + OVERHEAD_BYTES` bytes.
  ///
  /// The input and output ranges must not overlap.
  ///
  /// @return the number of bytes written
  /// @throws IndexOutOfBoundsException if either range leaves its array
  int seal(byte[] plain, int offset, int length, byte[] iv, byte[] out, int outOffset);

  /// As above, but hands the sealed bytes over piece by piece, so that they never lie together in
  /// memory.
  ///
  /// @throws IOException what the sink threw
  void seal(byte[] plain, int offset, int length, byte[] iv, PieceSink sink) throws IOException;

  /// Checks and opens `length` sealed bytes and writes `length - OVERHEAD_BYTES` bytes.
  ///
  /// The output may lie just on the ciphertext, that is in the same array from `offset +
  /// NONCE_BYTES` on, and takes its place without another buffer. Otherwise the ranges must not
  /// overlap. After an exception the output range holds no unauthenticated plain text.
  ///
  /// @return the number of bytes written
  /// @throws UnauthenticException if the bytes are too short, damaged, or sealed otherwise
  /// @throws IndexOutOfBoundsException if either range leaves its array
  int open(byte[] sealed, int offset, int length, byte[] iv, byte[] out, int outOffset)
      throws UnauthenticException;

  /// Opens in pieces what [#open] would open at once.
  ///
  /// @param nonce the first [#NONCE_BYTES] of the sealed form
  PieceOpener opener(byte[] iv, byte[] nonce);

  /// Seals a whole array into a new one.
  default byte[] seal(byte[] plain, byte[] iv) {
    byte[] out = new byte[Math.addExact(plain.length, OVERHEAD_BYTES)];
    seal(plain, 0, plain.length, iv, out, 0);
    return out;
  }

  /// Checks and opens a whole array into a new one.
  ///
  /// @throws UnauthenticException if the bytes are too short, damaged, or sealed otherwise
  default byte[] open(byte[] sealed, byte[] iv) throws UnauthenticException {
    byte[] out = new byte[Math.max(0, sealed.length - OVERHEAD_BYTES)];
    open(sealed, 0, sealed.length, iv, out, 0);
    return out;
  }
}
