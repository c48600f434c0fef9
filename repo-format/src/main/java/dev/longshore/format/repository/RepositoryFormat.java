package dev.longshore.format.repository;

import dev.longshore.crypto.ecc.ErrorCorrections;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a repository's bytes are made: the sealed inner part of `kopia.repository`.
///
/// JSON `{"format":{…}}`, compact, fields in this order:
///
/// | field | type | when absent |
/// |---|---|---|
/// | `hash`, `encryption` | string | refused |
/// | `ecc`, `eccOverheadPercent` | string, int 1..100 | no error correction |
/// | `secret`, `masterKey` | base64 | refused |
/// | `version` | 1..3 | refused |
/// | `maxPackSize` | bytes | 20971520 |
/// | `indexVersion` | 1, 2 | 1 |
/// | `epochParameters` | [EpochParameters] | disabled |
/// | `enablePasswordChange` | bool | false |
/// | `splitter` | string | `FIXED` |
/// | `upgradeLock` | [UpgradeLock] | none |
/// | `requiredFeatures` | list of [RequiredFeature] | none |
///
/// Readers must look at the single fields, never at `version`: upgraded repositories mix them.
///
/// Source: kopia 4ebb2be6c `repo/format/content_format.go`, `repository_config.go`.
///
/// @param ecc empty for none
/// @param secret key of the content hash
/// @param masterKey root of the content encryption keys
/// @param maxPackSize bytes after which a pack is closed
/// @param upgradeLock null for none
public record RepositoryFormat(
    String hash,
    String encryption,
    String ecc,
    int eccOverheadPercent,
    Secret secret,
    Secret masterKey,
    int version,
    int maxPackSize,
    int indexVersion,
    EpochParameters epochParameters,
    boolean enablePasswordChange,
    String splitter,
    @Nullable UpgradeLock upgradeLock,
    List<RequiredFeature> requiredFeatures) {

  /// The `maxPackSize` of new repositories and of blobs without one.
  public static final int DEFAULT_MAX_PACK_SIZE = 20 << 20;

  /// The least `maxPackSize` that may be set.
  public static final int MIN_MAX_PACK_SIZE = 10 << 20;

  /// The largest `maxPackSize` that may be set.
  public static final int MAX_MAX_PACK_SIZE = 120 << 20;

  /// The version of new repositories.
  public static final int DEFAULT_VERSION = 3;

  /// The hash of new repositories.
  public static final String DEFAULT_HASH = "BLAKE2B-256-128";

  /// The encryption of new repositories.
  public static final String DEFAULT_ENCRYPTION = "AES256-GCM-HMAC-SHA256";

  /// The splitter of new repositories.
  public static final String DEFAULT_SPLITTER = "DYNAMIC-4M-BUZHASH";

  /// The splitter of blobs that name none.
  public static final String SPLITTER_WHEN_ABSENT = "FIXED";

  /// Bytes of a new secret and of a new master key.
  public static final int SECRET_BYTES = 32;

  /// What a user may choose for a new repository.
  ///
  /// @param version 1, 2 or 3
  /// @param eccOverheadPercent 0 for no error correction; always 0 with version 1
  public record Choice(
      int version, String hash, String encryption, String splitter, int eccOverheadPercent) {
    /// The defaults.
    public static final Choice DEFAULT =
        new Choice(DEFAULT_VERSION, DEFAULT_HASH, DEFAULT_ENCRYPTION, DEFAULT_SPLITTER, 0);
  }

  /// The format of a new repository, with new secrets. What the version implies is set: version 1
  /// has V0 index sets, index 1, no error correction and no password change.
  public static RepositoryFormat create(Choice choice, SecureRandom random) {
    boolean old = choice.version == 1;
    int percent = old ? 0 : choice.eccOverheadPercent;
    return new RepositoryFormat(
        choice.hash,
        choice.encryption,
        percent == 0 ? "" : ErrorCorrections.REED_SOLOMON_CRC32,
        percent,
        Secret.random(random, SECRET_BYTES),
        Secret.random(random, SECRET_BYTES),
        choice.version,
        DEFAULT_MAX_PACK_SIZE,
        old ? 1 : 2,
        old ? EpochParameters.DISABLED : EpochParameters.DEFAULT,
        !old,
        choice.splitter,
        null,
        List.of());
  }

  /// Copies the list.
  public RepositoryFormat {
    requiredFeatures = List.copyOf(requiredFeatures);
  }

  /// The lock, if there is one.
  public Optional<UpgradeLock> findUpgradeLock() {
    return Optional.ofNullable(upgradeLock);
  }

  /// Tells whether contents carry their own compression (index 2) rather than objects (index 1).
  public boolean supportsContentCompression() {
    return indexVersion >= 2;
  }

  /// A copy with other mutable parameters.
  public RepositoryFormat withParameters(
      int newVersion, int newMaxPackSize, int newIndexVersion, EpochParameters newEpochParameters) {
    return new RepositoryFormat(
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        secret,
        masterKey,
        newVersion,
        newMaxPackSize,
        newIndexVersion,
        newEpochParameters,
        enablePasswordChange,
        splitter,
        upgradeLock,
        requiredFeatures);
  }

  /// A copy with another lock, or none.
  public RepositoryFormat withUpgradeLock(@Nullable UpgradeLock newLock) {
    return new RepositoryFormat(
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        secret,
        masterKey,
        version,
        maxPackSize,
        indexVersion,
        epochParameters,
        enablePasswordChange,
        splitter,
        newLock,
        requiredFeatures);
  }

  /// A copy with other required features.
  public RepositoryFormat withRequiredFeatures(List<RequiredFeature> newFeatures) {
    return new RepositoryFormat(
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        secret,
        masterKey,
        version,
        maxPackSize,
        indexVersion,
        epochParameters,
        enablePasswordChange,
        splitter,
        upgradeLock,
        newFeatures);
  }

  /// The required features that this build lacks; empty if it may use the repository without a
  /// word.
  public List<RequiredFeature> unmetFeatures() {
    return requiredFeatures.stream().filter(feature -> !feature.isSupported()).toList();
  }

  /// The rules broken by the mutable parameters, as sentences for a person; empty if they may be
  /// stored.
  public List<String> parameterProblems() {
    List<String> found = new ArrayList<>(epochParameters.problems());
    if (maxPackSize < MIN_MAX_PACK_SIZE || maxPackSize > MAX_MAX_PACK_SIZE) {
      found.add("the pack size must be 10 MiB to 120 MiB, not " + maxPackSize + " bytes");
    }
    if (indexVersion < 1 || indexVersion > 2) {
      found.add("the index version must be 1 or 2, not " + indexVersion);
    }
    return found;
  }
}
