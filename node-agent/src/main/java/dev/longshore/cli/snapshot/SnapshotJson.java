package dev.longshore.cli.snapshot;

import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.nio.charset.StandardCharsets;

/// Snapshots as Kopia's `--json` prints them.
final class SnapshotJson {
  private SnapshotJson() {}

  /// Of `snapshot create`: without `stats`, unless verbose.
  static String created(SnapshotManifest manifest, boolean verbose, boolean indent) {
    GoJsonWriter json = indent ? GoJsonWriter.indented() : new GoJsonWriter();
    json.beginObject();
    manifest.writeFields(json, id(manifest), verbose, _ -> {});
    json.endObject();
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }

  /// Writes a row of `snapshot list`: with the reasons why retention keeps it.
  static void writeListed(GoJsonWriter row, ListedSnapshot listed) {
    listed
        .manifest()
        .writeFields(
            row,
            id(listed.manifest()),
            true,
            json -> listed.storage().ifPresent(stats -> stats.writeTo(json.name("storageStats"))));
    row.fieldUnlessEmpty("retentionReason", listed.reasons());
  }

  private static String id(SnapshotManifest manifest) {
    return manifest.id().map(ManifestId::value).orElse("");
  }
}
