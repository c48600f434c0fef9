package dev.longshore.engine.doctor;

import dev.longshore.engine.doctor.Finding.Severity;
import dev.longshore.engine.verify.TreeDamage;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.RawText;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.List;

/// What was found.
///
/// @param touched snapshots that cannot be restored in full
/// @param counts what was looked at
public record Diagnosis(List<Finding> findings, List<Touched> touched, Counts counts) {
  /// A snapshot with damaged entries.
  public record Touched(SnapshotManifest snapshot, TreeDamage.Damage damage) {}

  /// What was looked at.
  ///
  /// @param readContents of the contents, those that were read
  public record Counts(long blobs, long contents, long readContents, long snapshots) {}

  /// Copies the lists.
  public Diagnosis {
    findings = List.copyOf(findings);
    touched = List.copyOf(touched);
  }

  /// The worst there is; [Severity#INFO] if nothing is wrong.
  public Severity worst() {
    return findings.stream().map(Finding::severity).max(Severity::compareTo).orElse(Severity.INFO);
  }

  /// Writes the diagnosis as the value due.
  ///
  /// @param exitCode of the program
  public void writeTo(GoJsonWriter json, int exitCode) {
    json.beginObject()
        .field("healthy", worst() != Severity.DAMAGE)
        .field("exitCode", exitCode)
        .name("findings")
        .beginArray();
    for (Finding finding : findings) {
      json.beginObject()
          .field("severity", finding.severity().name().toLowerCase(java.util.Locale.ROOT))
          .field("check", finding.check())
          .field("problem", finding.problem());
      strings(json.name("details"), finding.details());
      strings(json.name("next"), finding.next());
      json.endObject();
    }
    json.endArray().name("snapshots").beginArray();
    for (Touched each : touched) {
      SnapshotManifest snapshot = each.snapshot;
      json.beginObject()
          .field("id", snapshot.id().map(ManifestId::value).orElse(""))
          .field("source", snapshot.source().toString())
          .name("startTime")
          .time(snapshot.startNanos())
          .field("damagedEntries", each.damage.count())
          .name("entries")
          .beginArray();
      each.damage
          .first()
          .forEach(fault ->
              json.beginObject()
                  .field("path", RawText.display(fault.path()))
                  .field("problem", fault.message())
                  .endObject());
      json.endArray().endObject();
    }
    json.endArray()
        .name("checked")
        .beginObject()
        .field("blobs", counts.blobs)
        .field("contents", counts.contents)
        .field("readContents", counts.readContents)
        .field("snapshots", counts.snapshots)
        .endObject()
        .endObject();
  }

  private static void strings(GoJsonWriter json, List<String> values) {
    json.beginArray();
    values.forEach(json::value);
    json.endArray();
  }
}
