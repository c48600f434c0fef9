package dev.longshore.format.repository;

import dev.longshore.crypto.cipher.BlobCipher;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.kdf.KeyDerivation;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;

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

  /// For ciphers that only open: no nonce is drawn.
  private static final SecureRandom UNUSED = new SecureRandom();

  private static final String TOOL = "longshore";

  private FormatBlobCodec() {}

  /// The format key of a password. Takes a fraction of a second on purpose.
  ///
  /// @throws UnsupportedFormatException if the blob names an unknown derivation
  public static byte[] deriveFormatKey(FormatBlob blob, String password)
      throws UnsupportedFormatException {
    String name = blob.keyAlgorithm();
    KeyDerivation derivation = KeyDerivation.byName(name).orElse(null);
    if (derivation == null) {
      throw new UnsupportedFormatException(
          "key derivation",
          FormatBlob.quoted(name),
          KeyDerivation.SCRYPT_65536_8_1.wireName()
              + ", "
              + KeyDerivation.PBKDF2_SHA256_600000.wireName());
    }
    byte[] passwordBytes = password.getBytes(StandardCharsets.UTF_8);
    try {
      return derivation.deriveKey(passwordBytes, blob.uniqueId());
    } finally {
      Arrays.fill(passwordBytes, (byte) 0);
    }
  }

  /// A new outer blob around `format`.
  ///
  /// @param uniqueId 32 random bytes
  /// @param formatKey what `derivation` makes of the password and `uniqueId`
  public static FormatBlob create(
      RepositoryFormat format,
      byte[] uniqueId,
      KeyDerivation derivation,
      byte[] formatKey,
      SecureRandom random) {
    FormatBlob.Writer writer = new FormatBlob.Writer(TOOL, "", "");
    FormatBlob blob = new FormatBlob(writer, uniqueId.clone(), derivation.wireName(), new byte[0]);
    return reseal(blob, format, formatKey, random);
  }

  /// The same outer blob around another format or under another key: for a new password, new
  /// parameters, a lock.
  public static FormatBlob reseal(
      FormatBlob blob, RepositoryFormat format, byte[] formatKey, SecureRandom random) {
    byte[] json = RepositoryFormatWriter.encode(format);
    return blob.withEncryptedFormat(cipher(blob, formatKey, random).seal(json));
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
    return RepositoryFormatReader.decode(
        cipher(blob, formatKey, UNUSED).open(blob.encryptedFormat()));
  }

  /// The stored bytes of `kopia.blobcfg`.
  public static byte[] sealRetention(
      FormatBlob blob, BlobRetention retention, byte[] formatKey, SecureRandom random) {
    return cipher(blob, formatKey, random).seal(retention.encode());
  }

  /// Reads `kopia.blobcfg`.
  ///
  /// @throws UnauthenticException if the key is wrong or the blob damaged
  /// @throws FormatException if the JSON inside is malformed
  public static BlobRetention openRetention(FormatBlob blob, byte[] stored, byte[] formatKey)
      throws UnauthenticException, FormatException {
    return BlobRetention.decode(cipher(blob, formatKey, UNUSED).open(stored));
  }

  private static BlobCipher cipher(FormatBlob blob, byte[] formatKey, SecureRandom random) {
    return BlobCipher.forFormatBlob(formatKey, blob.uniqueId(), random);
  }
}
