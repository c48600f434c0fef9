package dev.longshore.format.repository;

import dev.longshore.crypto.cipher.BlobCipher;
import dev.longshore.crypto.kdf.Hkdf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/// Which master the derived keys of a repository come from.
///
/// | use | password change possible | not possible (born as format 1) |
/// |---|---|---|
/// | `kopia.maintenance` | master key | format key |
/// | integrity of the local cache | secret | format key |
///
/// Source: kopia 4ebb2be6c `repo/repository.go` (`DeriveKey`), `repo/open.go`.
public final class KeySources {
  private static final int CACHE_KEY_BYTES = 16;

  private KeySources() {}

  /// The cipher of `kopia.maintenance`.
  public static BlobCipher maintenanceCipher(
      RepositoryFormat format, FormatBlob blob, byte[] formatKey, SecureRandom random) {
    byte[] master = format.enablePasswordChange() ? format.masterKey().reveal() : formatKey;
    return BlobCipher.forMaintenance(master, blob.uniqueId(), random);
  }

  /// The 16-byte key that protects the local cache of this repository; never stored with it.
  public static byte[] cacheIntegrityKey(
      RepositoryFormat format, FormatBlob blob, byte[] formatKey) {
    byte[] master = format.enablePasswordChange() ? format.secret().reveal() : formatKey;
    byte[] purpose = "local-cache-integrity".getBytes(StandardCharsets.US_ASCII);
    return Hkdf.sha256(master, blob.uniqueId(), purpose, CACHE_KEY_BYTES);
  }
}
