package dev.longshore.format.repository;

import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.kdf.KeyDerivation;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.security.SecureRandom;

/// Seals and opens what the password protects: the inner block of `kopia.repository`, and
/// `kopia.blobcfg`.
///
/// Both are nonce (12), AES-256-GCM ciphertext, tag (16), with a key and associated data derived
/// from the format key and the unique id.
///
/// Source: kopia 4ebb2be6c `repo/format/repository_config.go`, `encryptor_wrapper.go`.
public final class FormatBlobCodec {
  /// Bytes of a new repository's unique id.
  public static final int UNIQUE_ID_BYTES = 32;

  private FormatBlobCodec() {}

  /// The format key of a password. Takes a fraction of a second on purpose.
  ///
  /// @throws UnsupportedFormatException if the blob names an unknown derivation
  public static byte[] deriveFormatKey(FormatBlob blob, String password) throws FormatException {
    throw new UnsupportedOperationException("not yet");
  }

  /// A new outer blob around `format`.
  ///
  /// @param formatKey what `derivation` makes of the password and `uniqueId`
  public static FormatBlob create(
      RepositoryFormat format,
      byte[] uniqueId,
      KeyDerivation derivation,
      byte[] formatKey,
      SecureRandom random) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The same outer blob around another format or under another key: for a new password, new
  /// parameters, a lock.
  public static FormatBlob reseal(
      FormatBlob blob, RepositoryFormat format, byte[] formatKey, SecureRandom random) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens the inner block.
  ///
  /// Unmet required features do not fail it: see [RepositoryFormat#unmetFeatures].
  ///
  /// @throws UnauthenticException if the key, that is the password, is wrong or the blob damaged
  /// @throws UnsupportedFormatException if the format's version or an algorithm is unknown
  /// @throws FormatException if the inner JSON is malformed, or has no secret
  public static RepositoryFormat open(FormatBlob blob, byte[] formatKey)
      throws UnauthenticException, FormatException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The stored bytes of `kopia.blobcfg`.
  public static byte[] sealRetention(
      FormatBlob blob, BlobRetention retention, byte[] formatKey, SecureRandom random) {
    throw new UnsupportedOperationException("not yet");
  }

  /// Reads `kopia.blobcfg`.
  ///
  /// @throws UnauthenticException if the key is wrong or the blob damaged
  public static BlobRetention openRetention(FormatBlob blob, byte[] stored, byte[] formatKey)
      throws UnauthenticException, FormatException {
    throw new UnsupportedOperationException("not yet");
  }
}
