package dev.longshore.crypto.cipher;

import dev.longshore.crypto.kdf.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/// Seals the few blobs that are not contents: AES-256-GCM with one key for the blob.
///
/// | offset | length | what |
/// | --- | --- | --- |
/// | 0 | 12 | random nonce |
/// | 12 | n | ciphertext |
/// | 12 + n | 16 | tag |
///
/// Safe for use by many threads at once.
///
/// Source: `internal/crypto/aesgcm.go`, `repo/maintenance/maintenance_schedule.go`, commit
/// 4ebb2be6c.
public final class BlobCipher {
  private static final int KEY_BYTES = 32;
  private static final int OVERHEAD_BYTES = Aead.NONCE_BYTES + Aead.TAG_BYTES;

  private final byte[] key;
  private final byte[] associated;
  private final SecureRandom nonces;
  private final String what;

  private BlobCipher(byte[] key, byte[] associated, SecureRandom nonces, String what) {
    this.key = key;
    this.associated = associated;
    this.nonces = nonces;
    this.what = what;
  }

  /// The cipher of the block inside `kopia.repository` and of `kopia.blobcfg`.
  ///
  /// @param formatKey the key derived from the password; not kept
  /// @param uniqueId the repository's unique id
  public static BlobCipher forFormatBlob(byte[] formatKey, byte[] uniqueId, SecureRandom nonces) {
    return new BlobCipher(
        Hkdf.sha256(formatKey, uniqueId, ascii("AES"), KEY_BYTES),
        Hkdf.sha256(formatKey, uniqueId, ascii("CHECKSUM"), KEY_BYTES),
        nonces,
        "format block");
  }

  /// The cipher of `kopia.maintenance`.
  ///
  /// @param keyMaterial the master key, or the format key in repositories without password change;
  ///   not kept
  /// @param uniqueId the repository's unique id
  public static BlobCipher forMaintenance(
      byte[] keyMaterial, byte[] uniqueId, SecureRandom nonces) {
    return new BlobCipher(
        Hkdf.sha256(keyMaterial, uniqueId, ascii("maintenance schedule"), KEY_BYTES),
        ascii("maintenance"),
        nonces,
        "maintenance schedule");
  }

  /// Seals `plain` with a new random nonce into a new array.
  public byte[] seal(byte[] plain) {
    byte[] nonce = new byte[Aead.NONCE_BYTES];
    nonces.nextBytes(nonce);
    byte[] out = Arrays.copyOf(nonce, Math.addExact(plain.length, OVERHEAD_BYTES));
    new JdkAeadCipher(Aead.AES_256_GCM)
        .seal(key, associated, new Range(plain, 0, plain.length), new Range(out, 0, out.length));
    return out;
  }

  /// Checks and opens `sealed` into a new array.
  ///
  /// @throws UnauthenticException if the bytes are too short, damaged, or sealed otherwise; for the
  ///   format block this is how a wrong password shows
  public byte[] open(byte[] sealed) throws UnauthenticException {
    if (sealed.length < OVERHEAD_BYTES) {
      throw new UnauthenticException(
          what + ": expected at least " + OVERHEAD_BYTES + " bytes, found " + sealed.length);
    }
    byte[] out = new byte[sealed.length - OVERHEAD_BYTES];
    try {
      new JdkAeadCipher(Aead.AES_256_GCM)
          .open(
              key, associated, new Range(sealed, 0, sealed.length), new Range(out, 0, out.length));
    } catch (AEADBadTagException e) {
      throw new UnauthenticException(what + ": wrong key or damaged bytes", e);
    }
    return out;
  }

  @Override
  public String toString() {
    return "cipher of the " + what;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
