package dev.longshore.format.repository;

import dev.longshore.crypto.cipher.BlobCipher;
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
  private KeySources() {}

  /// The cipher of `kopia.maintenance`.
  public static BlobCipher maintenanceCipher(
      RepositoryFormat format, FormatBlob blob, byte[] formatKey, SecureRandom random) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The 16-byte key that protects the local cache of this repository; never stored with it.
  public static byte[] cacheIntegrityKey(
      RepositoryFormat format, FormatBlob blob, byte[] formatKey) {
    throw new UnsupportedOperationException("not yet");
  }
}
