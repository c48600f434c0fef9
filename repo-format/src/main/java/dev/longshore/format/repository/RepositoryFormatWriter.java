package dev.longshore.format.repository;

import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;

/// Writes the inner JSON of the format blob, byte for byte as kopia does.
final class RepositoryFormatWriter {
  private RepositoryFormatWriter() {}

  static byte[] encode(RepositoryFormat format) {
    GoJsonWriter out = new GoJsonWriter().beginObject().name("format").beginObject();
    out.field("hash", format.hash());
    out.field("encryption", format.encryption());
    out.fieldUnlessEmpty("ecc", format.ecc());
    out.fieldUnlessZero("eccOverheadPercent", format.eccOverheadPercent());
    out.name("secret").base64(format.secret().reveal());
    out.name("masterKey").base64(format.masterKey().reveal());
    out.field("version", format.version());
    out.field("maxPackSize", format.maxPackSize());
    out.field("indexVersion", format.indexVersion());
    writeEpochParameters(format.epochParameters(), out.name("epochParameters"));
    out.field("enablePasswordChange", format.enablePasswordChange());
    out.fieldUnlessEmpty("splitter", format.splitter());
    UpgradeLock lock = format.upgradeLock();
    if (lock != null) {
      writeUpgradeLock(lock, out.name("upgradeLock"));
    }
    if (!format.requiredFeatures().isEmpty()) {
      out.name("requiredFeatures").beginArray();
      format.requiredFeatures().forEach(feature -> writeFeature(feature, out));
      out.endArray();
    }
    return out.endObject().endObject().toByteArray();
  }

  private static void writeEpochParameters(EpochParameters parameters, GoJsonWriter out) {
    out.beginObject();
    out.field("Enabled", parameters.enabled());
    out.field("EpochRefreshFrequency", parameters.refreshFrequency().toNanos());
    out.field("FullCheckpointFrequency", parameters.fullCheckpointFrequency());
    out.field("CleanupSafetyMargin", parameters.cleanupSafetyMargin().toNanos());
    out.field("MinEpochDuration", parameters.minEpochDuration().toNanos());
    out.field("EpochAdvanceOnCountThreshold", parameters.advanceOnCount());
    out.field("EpochAdvanceOnTotalSizeBytesThreshold", parameters.advanceOnTotalSizeBytes());
    out.field("DeleteParallelism", parameters.deleteParallelism());
    out.endObject();
  }

  private static void writeUpgradeLock(UpgradeLock lock, GoJsonWriter out) {
    out.beginObject();
    out.fieldUnlessEmpty("ownerID", lock.ownerId());
    out.field("creationTime", GoTime.format(lock.creationTime()));
    out.fieldUnlessZero("advanceNoticeDuration", lock.advanceNotice().toNanos());
    out.fieldUnlessZero("ioDrainTimeout", lock.ioDrainTimeout().toNanos());
    out.fieldUnlessZero("statusPollInterval", lock.statusPollInterval().toNanos());
    out.fieldUnlessEmpty("message", lock.message());
    out.fieldUnlessZero("maxPermittedClockDrift", lock.maxClockDrift().toNanos());
    out.endObject();
  }

  private static void writeFeature(RequiredFeature feature, GoJsonWriter out) {
    out.beginObject();
    out.field("feature", feature.feature());
    out.name("ifNotUnderstood").beginObject();
    out.field("warn", feature.warnOnly());
    out.fieldUnlessEmpty("message", feature.message());
    out.fieldUnlessEmpty("url", feature.url());
    out.fieldUnlessEmpty("upgradeToVersion", feature.upgradeToVersion());
    out.endObject().endObject();
  }
}
