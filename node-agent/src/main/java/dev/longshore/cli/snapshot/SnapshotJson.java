package dev.longshore.cli.snapshot;

import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonText;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Snapshots as Kopia's `--json` prints them.
final class SnapshotJson {
  private static final String STATS = ",\"stats\":{";

  private SnapshotJson() {}

  /// Of `snapshot create`: without `stats`, unless verbose.
  static String created(SnapshotManifest manifest, boolean verbose, boolean indent) {
    String json = text(manifest);
    if (!verbose) {
      int from = json.indexOf(STATS);
      // Stats are numbers only: their object ends at the next brace.
      json = json.substring(0, from) + json.substring(json.indexOf('}', from) + 1);
    }
    return indent
        ? new String(JsonText.indent(json.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8)
        : json;
  }

  /// Of `snapshot list`: with the reasons why retention keeps it.
  static String listed(SnapshotManifest manifest, List<String> reasons) {
    String json = text(manifest);
    if (reasons.isEmpty()) {
      return json;
    }
    var tail = new GoJsonWriter();
    tail.beginObject();
    tail.fieldUnlessEmpty("retentionReason", reasons);
    tail.endObject();
    String added = new String(tail.toByteArray(), StandardCharsets.UTF_8);
    return json.substring(0, json.length() - 1) + "," + added.substring(1);
  }

  private static String text(SnapshotManifest manifest) {
    var json = new GoJsonWriter();
    manifest.writeTo(json, manifest.id().map(ManifestId::value).orElse(""));
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
