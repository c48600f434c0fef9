package dev.longshore.engine.verify;

import dev.longshore.format.json.GoJsonWriter;

/// Counts of a verification, as Kopia has them.
///
/// @param processedObjects files, symbolic links and directories looked at, each object once
/// @param processedBytes sizes of the files among them
/// @param readFiles of those, files read in full
/// @param readBytes their bytes
/// @param expectedObjects what the roots' summaries promise; more than is processed if trees share
///   objects
public record VerifyStats(
    long processedObjects,
    long processedBytes,
    long readFiles,
    long readBytes,
    long expectedObjects,
    long expectedFiles,
    long expectedBytes) {
  /// Writes Kopia's JSON of the counts as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject()
        .field("processedObjectCount", processedObjects)
        .field("processedBytes", processedBytes)
        .field("readFileCount", readFiles)
        .field("readBytes", readBytes)
        .field("expectedTotalObjectCount", expectedObjects)
        .field("expectedTotalFileCount", expectedFiles)
        .field("expectedTotalBytes", expectedBytes)
        .endObject();
  }
}
