package dev.longshore.format.repository;

import dev.longshore.crypto.cipher.CipherAlgorithm;
import dev.longshore.crypto.ecc.ErrorCorrections;
import dev.longshore.crypto.hash.HashAlgorithm;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the inner JSON of the format blob; one object reads one document. The fields are
/// documented at [RepositoryFormat].
final class RepositoryFormatReader {
  private static final String WHAT = "repository format";

  /// Packs are written from memory and addressed with 30 bits.
  private static final int MAX_PACK_SIZE_READ = 1 << 30;

  private static final JsonFields OUTER = JsonFields.of("format");
  private static final JsonFields FORMAT =
      JsonFields.of(
          "hash",
          "encryption",
          "ecc",
          "eccOverheadPercent",
          "secret",
          "masterKey",
          "version",
          "maxPackSize",
          "indexVersion",
          "epochParameters",
          "enablePasswordChange",
          "splitter",
          "upgradeLock",
          "requiredFeatures");
  private static final JsonFields EPOCHS =
      JsonFields.of(
          "Enabled",
          "EpochRefreshFrequency",
          "FullCheckpointFrequency",
          "CleanupSafetyMargin",
          "MinEpochDuration",
          "EpochAdvanceOnCountThreshold",
          "EpochAdvanceOnTotalSizeBytesThreshold",
          "DeleteParallelism");
  private static final JsonFields LOCK =
      JsonFields.of(
          "ownerID",
          "creationTime",
          "advanceNoticeDuration",
          "ioDrainTimeout",
          "statusPollInterval",
          "message",
          "maxPermittedClockDrift");
  private static final JsonFields FEATURE = JsonFields.of("feature", "ifNotUnderstood");
  private static final JsonFields IF_NOT_UNDERSTOOD =
      JsonFields.of("warn", "message", "url", "upgradeToVersion");

  private final JsonInput in;
  private String hash = "";
  private String encryption = "";
  private String ecc = "";
  private int eccOverheadPercent;
  private Secret secret = Secret.EMPTY;
  private Secret masterKey = Secret.EMPTY;
  private int version;
  private int maxPackSize;
  private int indexVersion;
  private EpochParameters epochParameters = EpochParameters.DISABLED;
  private boolean enablePasswordChange;
  private String splitter = "";
  private @Nullable UpgradeLock upgradeLock;
  private List<RequiredFeature> requiredFeatures = List.of();

  private RepositoryFormatReader(JsonInput in) {
    this.in = in;
  }

  static RepositoryFormat decode(byte[] json) throws FormatException {
    try (JsonInput in = JsonInput.of(WHAT, json)) {
      RepositoryFormatReader reader = new RepositoryFormatReader(in);
      if (in.beginObject()) {
        while (in.nextField(OUTER) != null) {
          reader.readFormat();
        }
      }
      in.finish();
      return reader.checked();
    }
  }

  private void readFormat() throws FormatException {
    if (!in.beginObject()) {
      return;
    }
    for (String f = in.nextField(FORMAT); f != null; f = in.nextField(FORMAT)) {
      switch (f) {
        case "hash" -> hash = in.string();
        case "encryption" -> encryption = in.string();
        case "ecc" -> ecc = in.string();
        case "eccOverheadPercent" -> eccOverheadPercent = in.int32();
        case "secret" -> secret = Secret.of(in.base64());
        case "masterKey" -> masterKey = Secret.of(in.base64());
        case "version" -> version = in.int32();
        case "maxPackSize" -> maxPackSize = (int) in.integer(0, MAX_PACK_SIZE_READ);
        case "indexVersion" -> indexVersion = in.int32();
        case "epochParameters" -> epochParameters = readEpochParameters();
        case "enablePasswordChange" -> enablePasswordChange = in.bool();
        case "splitter" -> splitter = in.string();
        case "upgradeLock" -> upgradeLock = readUpgradeLock();
        case "requiredFeatures" -> requiredFeatures = readFeatures();
        default -> in.skip();
      }
    }
  }

  /// Fills in what is absent and refuses what cannot be worked with.
  private RepositoryFormat checked() throws FormatException {
    if (version < 1 || version > 3) {
      throw new UnsupportedFormatException("format version", "" + version, "1, 2, 3");
    }
    if (HashAlgorithm.byName(hash).isEmpty()) {
      throw new UnsupportedFormatException("hash", FormatBlob.quoted(hash), "kopia's");
    }
    if (CipherAlgorithm.byName(encryption).isEmpty()) {
      throw new UnsupportedFormatException("encryption", FormatBlob.quoted(encryption), "kopia's");
    }
    if (!ecc.isEmpty()
        && eccOverheadPercent != 0
        && ErrorCorrections.create(ecc, eccOverheadPercent).isEmpty()) {
      throw new UnsupportedFormatException(
          "error correction",
          FormatBlob.quoted(ecc) + " at " + eccOverheadPercent + " %",
          ErrorCorrections.REED_SOLOMON_CRC32 + " at 1..100 %");
    }
    if (indexVersion < 0 || indexVersion > 2) {
      throw new UnsupportedFormatException("index version", "" + indexVersion, "1, 2");
    }
    if (secret.isEmpty() || masterKey.isEmpty()) {
      throw new CorruptException(WHAT, -1, "no secret, or no master key");
    }
    return new RepositoryFormat(
        hash,
        encryption,
        ecc,
        eccOverheadPercent,
        secret,
        masterKey,
        version,
        maxPackSize == 0 ? RepositoryFormat.DEFAULT_MAX_PACK_SIZE : maxPackSize,
        indexVersion == 0 ? 1 : indexVersion,
        epochParameters,
        enablePasswordChange,
        splitter.isEmpty() ? RepositoryFormat.SPLITTER_WHEN_ABSENT : splitter,
        upgradeLock,
        requiredFeatures);
  }

  private EpochParameters readEpochParameters() throws CorruptException {
    boolean enabled = false;
    Duration refreshFrequency = Duration.ZERO;
    int fullCheckpointFrequency = 0;
    Duration cleanupSafetyMargin = Duration.ZERO;
    Duration minEpochDuration = Duration.ZERO;
    int advanceOnCount = 0;
    long advanceOnTotalSizeBytes = 0;
    int deleteParallelism = 0;
    if (in.beginObject()) {
      for (String f = in.nextField(EPOCHS); f != null; f = in.nextField(EPOCHS)) {
        switch (f) {
          case "Enabled" -> enabled = in.bool();
          case "EpochRefreshFrequency" -> refreshFrequency = duration();
          case "FullCheckpointFrequency" -> fullCheckpointFrequency = in.int32();
          case "CleanupSafetyMargin" -> cleanupSafetyMargin = duration();
          case "MinEpochDuration" -> minEpochDuration = duration();
          case "EpochAdvanceOnCountThreshold" -> advanceOnCount = in.int32();
          case "EpochAdvanceOnTotalSizeBytesThreshold" -> advanceOnTotalSizeBytes = in.int64();
          case "DeleteParallelism" -> deleteParallelism = in.int32();
          default -> in.skip();
        }
      }
    }
    return new EpochParameters(
        enabled,
        refreshFrequency,
        fullCheckpointFrequency,
        cleanupSafetyMargin,
        minEpochDuration,
        advanceOnCount,
        advanceOnTotalSizeBytes,
        deleteParallelism);
  }

  private @Nullable UpgradeLock readUpgradeLock() throws CorruptException {
    if (!in.beginObject()) {
      return null;
    }
    String ownerId = "";
    Instant creationTime = GoTime.ZERO;
    Duration advanceNotice = Duration.ZERO;
    Duration ioDrainTimeout = Duration.ZERO;
    Duration statusPollInterval = Duration.ZERO;
    String message = "";
    Duration maxClockDrift = Duration.ZERO;
    for (String f = in.nextField(LOCK); f != null; f = in.nextField(LOCK)) {
      switch (f) {
        case "ownerID" -> ownerId = in.string();
        case "creationTime" -> creationTime = in.instant();
        case "advanceNoticeDuration" -> advanceNotice = duration();
        case "ioDrainTimeout" -> ioDrainTimeout = duration();
        case "statusPollInterval" -> statusPollInterval = duration();
        case "message" -> message = in.string();
        case "maxPermittedClockDrift" -> maxClockDrift = duration();
        default -> in.skip();
      }
    }
    return new UpgradeLock(
        ownerId,
        creationTime,
        advanceNotice,
        ioDrainTimeout,
        statusPollInterval,
        message,
        maxClockDrift);
  }

  private List<RequiredFeature> readFeatures() throws CorruptException {
    List<RequiredFeature> features = new ArrayList<>();
    if (in.beginArray()) {
      while (in.nextElement()) {
        features.add(readFeature());
      }
    }
    return features;
  }

  private RequiredFeature readFeature() throws CorruptException {
    String feature = "";
    RequiredFeature hints = new RequiredFeature("", false, "", "", "");
    if (in.beginObject()) {
      for (String f = in.nextField(FEATURE); f != null; f = in.nextField(FEATURE)) {
        switch (f) {
          case "feature" -> feature = in.string();
          case "ifNotUnderstood" -> hints = readHints();
          default -> in.skip();
        }
      }
    }
    return new RequiredFeature(
        feature, hints.warnOnly(), hints.message(), hints.url(), hints.upgradeToVersion());
  }

  private RequiredFeature readHints() throws CorruptException {
    boolean warn = false;
    String message = "";
    String url = "";
    String upgradeToVersion = "";
    if (in.beginObject()) {
      for (String f = in.nextField(IF_NOT_UNDERSTOOD);
          f != null;
          f = in.nextField(IF_NOT_UNDERSTOOD)) {
        switch (f) {
          case "warn" -> warn = in.bool();
          case "message" -> message = in.string();
          case "url" -> url = in.string();
          case "upgradeToVersion" -> upgradeToVersion = in.string();
          default -> in.skip();
        }
      }
    }
    return new RequiredFeature("", warn, message, url, upgradeToVersion);
  }

  private Duration duration() throws CorruptException {
    return Duration.ofNanos(in.int64());
  }
}
