package dev.longshore.format.seal;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.cipher.ContentCipher;
import dev.longshore.crypto.cipher.ContentCiphers;
import dev.longshore.crypto.cipher.PieceOpener;
import dev.longshore.crypto.cipher.PieceSink;
import dev.longshore.crypto.cipher.UnauthenticException;
import dev.longshore.crypto.ecc.ErrorCorrection;
import dev.longshore.crypto.ecc.ErrorCorrections;
import dev.longshore.crypto.ecc.UnrepairableException;
import dev.longshore.crypto.hash.ContentHasher;
import dev.longshore.crypto.hash.ContentHashers;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.crypto.hash.SipHash;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.repository.RepositoryFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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
  private static final int IV_BYTES = 16;

  private final ContentHasher hasher;
  private final ContentCipher cipher;
  private final @Nullable ErrorCorrection ecc;

  /// Combines the parts.
  ///
  /// @param ecc null for none
  public RepositoryCrypto(
      ContentHasher hasher, ContentCipher cipher, @Nullable ErrorCorrection ecc) {
    this.hasher = hasher;
    this.cipher = cipher;
    this.ecc = ecc;
  }

  /// What the format names.
  ///
  /// @param random source of nonces; safe for use by many threads
  /// @throws UnsupportedFormatException if it names an algorithm this build lacks, or has a secret
  ///   the hash cannot use
  public static RepositoryCrypto create(RepositoryFormat format, SecureRandom random)
      throws UnsupportedFormatException {
    HashAlgorithm hash = found(HashAlgorithm.byName(format.hash()), "hash", format.hash());
    CipherAlgorithm encryption =
        found(CipherAlgorithm.byName(format.encryption()), "encryption", format.encryption());
    byte[] secret = format.secret().reveal();
    if (secret.length == 0 || secret.length > hash.maxSecretBytes()) {
      throw new UnsupportedFormatException(
          "secret of", secret.length + " bytes", "1.." + hash.maxSecretBytes());
    }
    ErrorCorrection ecc = null;
    if (!format.ecc().isEmpty() && format.eccOverheadPercent() != 0) {
      ecc =
          found(
              ErrorCorrections.create(format.ecc(), format.eccOverheadPercent()),
              "error correction",
              format.ecc());
    }
    return new RepositoryCrypto(
        ContentHashers.keyed(hash, secret),
        ContentCiphers.create(encryption, format.masterKey().reveal(), random),
        ecc);
  }

  private static <T> T found(Optional<T> algorithm, String what, String name)
      throws UnsupportedFormatException {
    return algorithm.orElseThrow(() -> new UnsupportedFormatException(what, name, "kopia's"));
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
  /// @throws IllegalStateException if the id's hash has fewer than 16 bytes
  public byte[] sealContent(ContentId id, byte[] data, int offset, int length) {
    return seal(data, offset, length, id.cipherIv());
  }

  /// As above, into an array with room for [#sealedLength] bytes.
  public void sealContent(
      ContentId id, byte[] data, int offset, int length, byte[] target, int targetOffset) {
    if (ecc == null) {
      cipher.seal(data, offset, length, id.cipherIv(), target, targetOffset);
    } else {
      byte[] sealed = sealContent(id, data, offset, length);
      System.arraycopy(sealed, 0, target, targetOffset, sealed.length);
    }
  }

  /// As the first, but hands the sealed bytes over piece by piece; together they are
  /// [#sealedLength] bytes.
  ///
  /// @throws IOException what the sink threw
  public void sealContent(ContentId id, byte[] data, int offset, int length, PieceSink sink)
      throws IOException {
    if (ecc == null) {
      cipher.seal(data, offset, length, id.cipherIv(), sink);
    } else {
      sink.accept(ByteBuffer.wrap(sealContent(id, data, offset, length)));
    }
  }

  /// Opens a content's stored bytes; the result may still be compressed.
  ///
  /// @throws UnauthenticException if they were not sealed for this id by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  /// @throws CorruptException if the id's hash has fewer than 16 bytes
  public byte[] openContent(ContentId id, byte[] stored, int offset, int length)
      throws UnauthenticException, UnrepairableException, CorruptException {
    return open(stored, offset, length, ivOf(id));
  }

  /// As [#openContent], where the stored bytes are: the opened ones take their place, from `offset
  /// + [ContentCipher#NONCE_BYTES]` on. After an exception the range may hold anything.
  ///
  /// Without error correction nothing is allocated that grows with the content.
  ///
  /// @return the number of opened bytes
  public int openContentInPlace(ContentId id, byte[] stored, int offset, int length)
      throws UnauthenticException, UnrepairableException, CorruptException {
    return openContentInPlace(id, stored, offset, length, _ -> {});
  }

  /// As above, and tells how many damaged pieces the error correction mended, if there were any and
  /// the content is what it was.
  public int openContentInPlace(
      ContentId id, byte[] stored, int offset, int length, IntConsumer mended)
      throws UnauthenticException, UnrepairableException, CorruptException {
    byte[] iv = ivOf(id);
    int to = offset + ContentCipher.NONCE_BYTES;
    if (ecc == null) {
      return cipher.open(stored, offset, length, iv, stored, to);
    }
    ErrorCorrection.Decoded decoded = ecc.decode(stored, offset, length);
    byte[] sealed = decoded.data();
    int opened = cipher.open(sealed, 0, sealed.length, iv, stored, to);
    if (decoded.repairedShards() > 0) {
      mended.accept(decoded.repairedShards());
    }
    return opened;
  }

  private static byte[] ivOf(ContentId id) throws CorruptException {
    if (id.hashLength() < IV_BYTES) {
      throw new CorruptException(
          "content id", -1, "expected a hash of 16 bytes or more, found " + id.hashLength());
    }
    return id.cipherIv();
  }

  /// The stored length of a content of this many bytes (compressed or not).
  public int sealedLength(int plainLength) {
    int sealed = Math.addExact(plainLength, ContentCipher.OVERHEAD_BYTES);
    return ecc == null ? sealed : ecc.encodedLength(sealed);
  }

  /// Names and seals a blob: the name is the prefix, the hash of the plain bytes in hex, and if it
  /// is not empty a dash and the suffix.
  ///
  /// @param prefix without a dash
  public SealedBlob sealBlob(String prefix, String suffix, byte[] plain) {
    byte[] hash = hasher.hash(plain);
    String name = prefix + HexFormat.of().formatHex(hash);
    BlobId id = new BlobId(suffix.isEmpty() ? name : name + "-" + suffix);
    byte[] iv = Arrays.copyOfRange(hash, hash.length - IV_BYTES, hash.length);
    return new SealedBlob(id, seal(plain, 0, plain.length, iv));
  }

  /// Opens a blob named by [#sealBlob].
  ///
  /// @throws UnauthenticException if it was not sealed under this name by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  /// @throws CorruptException if the name has no 32 hex digits before its first dash
  public byte[] openBlob(BlobId id, byte[] stored)
      throws UnauthenticException, UnrepairableException, CorruptException {
    return open(stored, 0, stored.length, ivOf(id));
  }

  /// Opens in pieces what [#openBlob] would open at once; empty with error correction, which works
  /// on the whole.
  ///
  /// @param nonce the first [ContentCipher#NONCE_BYTES] of the blob
  /// @throws CorruptException if the name has no 32 hex digits before its first dash
  public Optional<PieceOpener> blobOpener(BlobId id, byte[] nonce) throws CorruptException {
    return ecc == null ? Optional.of(cipher.opener(ivOf(id), nonce)) : Optional.empty();
  }

  /// A keyed hash for local files, which only this repository's clients can make: the key is of one
  /// purpose and one file.
  ///
  /// @param purpose ASCII, without NUL
  /// @param salt random, kept with the file
  public SipHash localHash(String purpose, byte[] salt) {
    byte[] name = (purpose + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] seed = Arrays.copyOf(name, name.length + salt.length);
    System.arraycopy(salt, 0, seed, name.length, salt.length);
    return new SipHash(Arrays.copyOf(hasher.hash(seed), SipHash.KEY_BYTES));
  }

  private static byte[] ivOf(BlobId id) throws CorruptException {
    int dash = id.value().indexOf('-');
    int end = dash < 0 ? id.value().length() : dash;
    int start = end - 2 * IV_BYTES;
    boolean hex =
        start >= 0
            && id.value().chars().skip(start).limit(2 * IV_BYTES).allMatch(HexFormat::isHexDigit);
    if (!hex) {
      throw new CorruptException("blob name", -1, "no 32 hex digits before the first dash");
    }
    return HexFormat.of().parseHex(id.value(), start, end);
  }

  /// Seals the plain local index of a pack.
  public SealedLocalIndex sealLocalIndex(byte[] plain) {
    byte[] hash = hasher.hash(plain);
    return new SealedLocalIndex(hash, seal(plain, 0, plain.length, hash));
  }

  /// Opens the local index of a pack.
  ///
  /// @param iv from the postamble
  /// @throws UnauthenticException if it was not sealed with this IV by this repository
  /// @throws UnrepairableException if there is more damage than the error correction can mend
  public byte[] openLocalIndex(byte[] iv, byte[] stored)
      throws UnauthenticException, UnrepairableException {
    return open(stored, 0, stored.length, iv);
  }

  private byte[] seal(byte[] plain, int offset, int length, byte[] iv) {
    byte[] sealed = new byte[Math.addExact(length, ContentCipher.OVERHEAD_BYTES)];
    cipher.seal(plain, offset, length, iv, sealed, 0);
    return ecc == null ? sealed : ecc.encode(sealed, 0, sealed.length);
  }

  private byte[] open(byte[] stored, int offset, int length, byte[] iv)
      throws UnauthenticException, UnrepairableException {
    if (ecc != null) {
      return cipher.open(ecc.decode(stored, offset, length).data(), iv);
    }
    byte[] plain = new byte[Math.max(0, length - ContentCipher.OVERHEAD_BYTES)];
    cipher.open(stored, offset, length, iv, plain, 0);
    return plain;
  }
}
