package dev.longshore.cli.repository;

import dev.longshore.engine.repository.ClientOptions;
import dev.longshore.engine.repository.RepositoryStatus;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.repository.EpochParameters;
import dev.longshore.format.repository.RepositoryFormat;
import java.nio.charset.StandardCharsets;

/// `repository status --json`, with Kopia's fields in Kopia's order and no secrets.
final class StatusJson {
  private StatusJson() {}

  static String of(String configFile, RepositoryStatus status) throws CorruptException {
    var json = new GoJsonWriter();
    json.beginObject();
    json.field("configFile", configFile);
    json.field("uniqueIDHex", status.uniqueIdHex());
    json.name("clientOptions");
    client(json, status.client());
    json.name("storage").beginObject();
    json.field("type", status.store().type());
    json.name("config").raw(StoreConfigText.compact(status.store().configJson()));
    json.endObject();
    status
        .capacity()
        .ifPresent(capacity -> {
          json.name("volume").beginObject();
          json.field("capacity", capacity.totalBytes());
          json.field("available", capacity.availableBytes());
          json.endObject();
        });
    json.name("contentFormat");
    format(json, status.format());
    json.name("objectFormat").beginObject();
    json.fieldUnlessEmpty("splitter", status.format().splitter());
    json.endObject();
    json.name("blobRetention").beginObject();
    json.fieldUnlessEmpty("retentionMode", status.retention().mode());
    json.fieldUnlessZero("retentionPeriod", status.retention().period().toNanos());
    json.endObject();
    json.endObject();
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }

  private static void client(GoJsonWriter json, ClientOptions client) {
    json.beginObject();
    json.field("hostname", client.hostname());
    json.field("username", client.username());
    json.fieldIfTrue("readonly", client.readOnly());
    json.fieldIfTrue("permissiveCacheLoading", client.permissiveCacheLoading());
    json.fieldUnlessEmpty("description", client.description().orElse(""));
    json.field("enableActions", client.enableActions());
    json.fieldUnlessZero("formatBlobCacheDuration", client.formatBlobCacheDuration().toNanos());
    json.endObject();
  }

  private static void format(GoJsonWriter json, RepositoryFormat format) {
    json.beginObject();
    json.fieldUnlessEmpty("hash", format.hash());
    json.fieldUnlessEmpty("encryption", format.encryption());
    json.fieldUnlessEmpty("ecc", format.ecc());
    json.fieldUnlessZero("eccOverheadPercent", format.eccOverheadPercent());
    json.field("version", format.version());
    json.field("maxPackSize", format.maxPackSize());
    json.field("indexVersion", format.indexVersion());
    json.name("epochParameters");
    epochs(json, format.epochParameters());
    json.field("enablePasswordChange", format.enablePasswordChange());
    json.endObject();
  }

  private static void epochs(GoJsonWriter json, EpochParameters epochs) {
    json.beginObject();
    json.field("Enabled", epochs.enabled());
    json.field("EpochRefreshFrequency", epochs.refreshFrequency().toNanos());
    json.field("FullCheckpointFrequency", epochs.fullCheckpointFrequency());
    json.field("CleanupSafetyMargin", epochs.cleanupSafetyMargin().toNanos());
    json.field("MinEpochDuration", epochs.minEpochDuration().toNanos());
    json.field("EpochAdvanceOnCountThreshold", epochs.advanceOnCount());
    json.field("EpochAdvanceOnTotalSizeBytesThreshold", epochs.advanceOnTotalSizeBytes());
    json.field("DeleteParallelism", epochs.deleteParallelism());
    json.endObject();
  }
}
