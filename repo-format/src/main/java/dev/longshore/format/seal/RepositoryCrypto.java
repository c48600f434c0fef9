package dev.longshore.format.seal;

import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.ErrorCorrection;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.security.SecureRandom;
import java.util.Optional;

/// The hash, the cipher and the error correction of one repository, and what they are used for.
///
/// | what is sealed | IV (chooses the key, is authenticated) |
/// |---|---|
/// | a content | last 16 bytes of the content's hash |
/// | a named blob (`n m l xn xs xr s _log_`) | the last 32 hex digits of the name before its first dash |
/// | the local index of a pack | the full hash of its plain bytes |
///
/// Stored form: error correction (if on) around nonce (12), ciphertext, tag (16). Thread-safe.
///
/// Source: kopia 4ebb2be6c `repo/content/content_manager.go`, `internal/blobcrypto/blob_crypto.go`.
public final class RepositoryCrypto {
  private final ContentHasher hasher;
  private final ContentCipher cipher;
  private final Optional<ErrorCorrection> ecc;

  /// Combines the parts.
  public RepositoryCrypto(
      ContentHasher hasher, ContentCipher cipher, Optional<ErrorCorrection> ecc) {
    this.hasher = hasher;
    this.cipher = cipher;
    this.ecc = ecc;
  }

  /// What the format names.
  ///
  /// @param random source of nonces
  /// @throws UnsupportedFormatException if it names an algorithm this build lacks
  public static RepositoryCrypto create(RepositoryFormat format, SecureRandom random)
      throws UnsupportedFormatException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The keyed hash.
  public ContentHasher hasher() {
    return hasher;
  }

  /// The id of plain bytes.
  ///
  /// @param prefix [ContentId#NO_PREFIX] or `g`..`z`
  public ContentId contentId(char prefix, byte[] plain, int offset, int length) {
    byte[] hash = new byte[hasher.sizeBytes()];
    hasher.hash(plain, offset, length, hash, 0);
    return ContentId.of(prefix, hash);
  }

  /// Seals a content's bytes (compressed or not), as they go into a pack.
  ///
  /// @throws IllegalArgumentException if the id's hash has fewer than 16 bytes
  public byte[] sealContent(ContentId id, byte[] data, int offset, int length) {
    throw new UnsupportedOperationException("not yet " + cipher + ecc);
  }

  /// Opens a content's stored bytes; the result may still be compressed.
  ///
  /// @throws UnauthenticException if they were not sealed for this id by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  /// @throws CorruptException if the id's hash has fewer than 16 bytes
  public byte[] openContent(ContentId id, byte[] stored, int offset, int length)
      throws UnauthenticException, UnrepairableException, CorruptException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The stored length of a content of this many bytes (compressed or not).
  public int sealedLength(int plainLength) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Names and seals a blob: the name is the prefix, the hash of the plain bytes in hex, and if it
  /// is not empty a dash and the suffix.
  public SealedBlob sealBlob(String prefix, String suffix, byte[] plain) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens a blob named by [#sealBlob].
  ///
  /// @throws UnauthenticException if it was not sealed under this name by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  /// @throws CorruptException if the name has no 32 hex digits before its first dash
  public byte[] openBlob(BlobId id, byte[] stored)
      throws UnauthenticException, UnrepairableException, CorruptException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Seals the plain local index of a pack.
  public SealedLocalIndex sealLocalIndex(byte[] plain) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens the local index of a pack.
  ///
  /// @param iv from the postamble
  public byte[] openLocalIndex(byte[] iv, byte[] stored)
      throws UnauthenticException, UnrepairableException {
    throw new UnsupportedOperationException("not yet");
  }
}
