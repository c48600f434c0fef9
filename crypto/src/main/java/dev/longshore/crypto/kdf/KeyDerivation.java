package dev.longshore.crypto.kdf;

import dev.longshore.crypto.openssl.EvpScrypt;
import dev.longshore.crypto.openssl.LibCrypto;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;

/// How the 32-byte format key is made from a password.
///
/// Source: `internal/crypto/pb_key_deriver_*.go`, commit 4ebb2be6c.
public enum KeyDerivation {
  /// scrypt with N = 65536, r = 8, p = 1; the default. Takes 64 MiB and a fraction of a second.
  SCRYPT_65536_8_1("scrypt-65536-8-1"),
  /// PBKDF2 with HMAC-SHA256 and 600000 rounds.
  PBKDF2_SHA256_600000("pbkdf2-sha256-600000"),
  /// A bare SHA-256 of the password without salt: for tests that cannot wait, never for data.
  TESTING_ONLY_INSECURE("testing-only-insecure");

  /// The length of a derived key in bytes.
  public static final int KEY_BYTES = 32;

  /// The shortest salt accepted, in bytes.
  public static final int MIN_SALT_BYTES = 16;

  private static final int PBKDF2_ROUNDS = 600_000;

  private final String wireName;

  KeyDerivation(String wireName) {
    this.wireName = wireName;
  }

  /// The name in the format blob, for example `scrypt-65536-8-1`.
  public String wireName() {
    return wireName;
  }

  /// The derivation with this wire name, or empty if there is none; never [#TESTING_ONLY_INSECURE].
  public static Optional<KeyDerivation> byName(String wireName) {
    return byNameIncludingInsecure(wireName).filter(found -> found != TESTING_ONLY_INSECURE);
  }

  /// The derivation with this wire name, or empty if there is none; for tests.
  public static Optional<KeyDerivation> byNameIncludingInsecure(String wireName) {
    for (KeyDerivation derivation : values()) {
      if (derivation.wireName.equals(wireName)) {
        return Optional.of(derivation);
      }
    }
    return Optional.empty();
  }

  /// Derives the key; slow on purpose. The caller wipes the result.
  ///
  /// @param passwordUtf8 the password in UTF-8 as typed: not normalised, not trimmed; not changed
  /// @param salt the repository's unique id
  /// @throws IllegalArgumentException if the salt is shorter than [#MIN_SALT_BYTES]
  public byte[] deriveKey(byte[] passwordUtf8, byte[] salt) {
    if (salt.length < MIN_SALT_BYTES) {
      throw new IllegalArgumentException(
          wireName + " needs a salt of at least " + MIN_SALT_BYTES + " bytes, got " + salt.length);
    }
    try {
      return switch (this) {
        case SCRYPT_65536_8_1 -> scrypt(passwordUtf8, salt);
        case PBKDF2_SHA256_600000 -> Pbkdf2.sha256(passwordUtf8, salt, PBKDF2_ROUNDS, KEY_BYTES);
        case TESTING_ONLY_INSECURE -> MessageDigest.getInstance("SHA-256").digest(passwordUtf8);
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK failed in " + wireName, e);
    }
  }

  /// By the system's library, where there is one: as much memory and some less time.
  private static byte[] scrypt(byte[] password, byte[] salt) throws GeneralSecurityException {
    byte[] key = new byte[KEY_BYTES];
    boolean derived =
        LibCrypto.isAvailable() && EvpScrypt.derive(password, salt, Scrypt.N, Scrypt.R, key);
    return derived ? key : Scrypt.deriveKey(password, salt);
  }
}
