package dev.longshore.engine.verify;

import dev.longshore.format.json.GoJsonWriter;
import java.util.List;

/// What a verification found.
///
/// @param errors the first of them: as many as `maxErrors`, or [#MAX_ERRORS] if there is no such
///   limit
/// @param errorCount all of them
/// @param complete everything was looked at; false after too many errors or a cancel
public record VerifyResult(
    VerifyStats stats, List<Fault> errors, long errorCount, boolean complete) {
  /// The most errors kept.
  public static final int MAX_ERRORS = 1000;

  /// Writes Kopia's JSON of a result as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    stats.writeTo(json.name("stats"));
    json.field("errorCount", errorCount);
    if (!errors.isEmpty()) {
      json.name("errorStrings").beginArray();
      errors.forEach(error -> json.value(error.toString()));
      json.endArray();
    }
    json.endObject();
  }

  /// An entry that cannot be restored in full.
  ///
  /// @param path of the entry, beginning with the name of its root
  public record Fault(String path, String message) {
    @Override
    public String toString() {
      return path + ": " + message;
    }
  }
}
