package dev.longshore.engine.verify;

import dev.longshore.format.json.GoJsonWriter;

/// What a snapshot takes in the repository.
///
/// @param newData what no snapshot before it had
/// @param runningTotal what it and all before it have together
public record StorageStats(Usage newData, Usage runningTotal) {
  /// Writes Kopia's JSON of the statistics as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject();
    newData.writeTo(json.name("newData"));
    runningTotal.writeTo(json.name("runningTotal"));
    json.endObject();
  }

  /// Objects and contents, each counted once.
  ///
  /// @param objectBytes sizes of files and symbolic links, whatever their contents share
  /// @param originalContentBytes of their contents, before compression
  /// @param packedContentBytes of their contents, as they are stored
  /// @param fileObjects files and symbolic links
  /// @param contents those of directories too
  public record Usage(
      long objectBytes,
      long originalContentBytes,
      long packedContentBytes,
      long fileObjects,
      long dirObjects,
      long contents) {
    Usage minus(Usage before) {
      return new Usage(
          objectBytes - before.objectBytes,
          originalContentBytes - before.originalContentBytes,
          packedContentBytes - before.packedContentBytes,
          fileObjects - before.fileObjects,
          dirObjects - before.dirObjects,
          contents - before.contents);
    }

    private void writeTo(GoJsonWriter json) {
      json.beginObject()
          .field("objectBytes", objectBytes)
          .field("originalContentBytes", originalContentBytes)
          .field("packedContentBytes", packedContentBytes)
          .field("fileObjects", fileObjects)
          .field("dirObjects", dirObjects)
          .field("contents", contents)
          .endObject();
    }
  }
}
