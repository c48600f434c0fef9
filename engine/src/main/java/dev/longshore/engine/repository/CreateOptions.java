package dev.longshore.engine.repository;

import dev.longshore.format.repository.BlobRetention;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;

/// How a new repository is made; everything here but the pack size, the epochs and the retention is
/// for good.
///
/// @param formatVersion 1, 2 or 3
/// @param hash name of the content hash
/// @param encryption name of the content cipher
/// @param ecc name of the error correction; it is used when the overhead is above 0
/// @param eccOverheadPercent 0 for no error correction, else 1..100; ignored by format 1
/// @param splitter name of the repository's own splitter
/// @param keyDerivation how the password becomes the format key
/// @param maxPackSize bytes after which a pack is closed
/// @param epochParameters used by formats 2 and 3
/// @param retention lock on new blobs; only for stores that can lock
public record CreateOptions(
    int formatVersion,
    String hash,
    String encryption,
    String ecc,
    int eccOverheadPercent,
    String splitter,
    String keyDerivation,
    int maxPackSize,
    EpochParameters epochParameters,
    BlobRetention retention) {
  /// What Kopia creates when it is not told anything.
  public static final CreateOptions DEFAULT =
      new CreateOptions(
          3,
          "BLAKE2B-256-128",
          "AES256-GCM-HMAC-SHA256",
          "REED-SOLOMON-CRC32",
          0,
          "DYNAMIC-4M-BUZHASH",
          "scrypt-65536-8-1",
          RepositoryFormat.DEFAULT_MAX_PACK_SIZE,
          EpochParameters.DEFAULT,
          BlobRetention.NONE);

  /// A copy with another format version.
  public CreateOptions withFormatVersion(int version) {
    return new CreateOptions(
        version,
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        splitter,
        keyDerivation,
        maxPackSize,
        epochParameters,
        retention);
  }

  /// A copy with other algorithms.
  public CreateOptions withAlgorithms(String newHash, String newEncryption, String newSplitter) {
    return new CreateOptions(
        formatVersion,
        newHash,
        newEncryption,
        ecc,
        eccOverheadPercent,
        newSplitter,
        keyDerivation,
        maxPackSize,
        epochParameters,
        retention);
  }

  /// A copy with error correction of so many percent, or none for 0.
  public CreateOptions withEccOverheadPercent(int percent) {
    return new CreateOptions(
        formatVersion,
        hash,
        encryption,
        ecc,
        percent,
        splitter,
        keyDerivation,
        maxPackSize,
        epochParameters,
        retention);
  }

  /// A copy with another key derivation.
  public CreateOptions withKeyDerivation(String newKeyDerivation) {
    return new CreateOptions(
        formatVersion,
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        splitter,
        newKeyDerivation,
        maxPackSize,
        epochParameters,
        retention);
  }

  /// A copy with a lock on new blobs.
  public CreateOptions withRetention(BlobRetention newRetention) {
    return new CreateOptions(
        formatVersion,
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        splitter,
        keyDerivation,
        maxPackSize,
        epochParameters,
        newRetention);
  }
}
