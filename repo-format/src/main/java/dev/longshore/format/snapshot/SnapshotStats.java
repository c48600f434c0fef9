package dev.longshore.format.snapshot;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;

/// What one run of the uploader did. It depends on what was cached, so equal trees have unequal
/// stats.
///
/// Source: kopia 4ebb2be6c `snapshot/stats.go`; the counts are 32 bits there.
///
/// @param totalSize bytes, with the targets of cached links
/// @param excludedTotalSize bytes of files left out by rules
/// @param fileCount files read in this run; each part of a parallel upload counts
/// @param cachedFiles files and links taken over from the snapshot before
/// @param nonCachedFiles files read, but not a root that is a file
/// @param dirCount directories tried
public record SnapshotStats(
    long totalSize,
    long excludedTotalSize,
    int fileCount,
    int cachedFiles,
    int nonCachedFiles,
    int dirCount,
    int excludedFileCount,
    int excludedDirCount,
    int ignoredErrorCount,
    int errorCount) {
  /// Nothing done, as checkpoints have it.
  public static final SnapshotStats NONE = new SnapshotStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "totalSize",
          "excludedTotalSize",
          "fileCount",
          "cachedFiles",
          "nonCachedFiles",
          "dirCount",
          "excludedFileCount",
          "excludedDirCount",
          "ignoredErrorCount",
          "errorCount");

  /// Writes all fields as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject()
        .field("totalSize", totalSize)
        .field("excludedTotalSize", excludedTotalSize)
        .field("fileCount", fileCount)
        .field("cachedFiles", cachedFiles)
        .field("nonCachedFiles", nonCachedFiles)
        .field("dirCount", dirCount)
        .field("excludedFileCount", excludedFileCount)
        .field("excludedDirCount", excludedDirCount)
        .field("ignoredErrorCount", ignoredErrorCount)
        .field("errorCount", errorCount)
        .endObject();
  }

  /// Reads the value due, an object.
  ///
  /// @throws CorruptException if it is not one
  public static SnapshotStats readFrom(JsonInput json) throws CorruptException {
    long totalSize = 0;
    long excludedTotalSize = 0;
    int fileCount = 0;
    int cachedFiles = 0;
    int nonCachedFiles = 0;
    int dirCount = 0;
    int excludedFileCount = 0;
    int excludedDirCount = 0;
    int ignoredErrorCount = 0;
    int errorCount = 0;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "totalSize" -> totalSize = json.int64();
          case "excludedTotalSize" -> excludedTotalSize = json.int64();
          case "fileCount" -> fileCount = json.int32();
          case "cachedFiles" -> cachedFiles = json.int32();
          case "nonCachedFiles" -> nonCachedFiles = json.int32();
          case "dirCount" -> dirCount = json.int32();
          case "excludedFileCount" -> excludedFileCount = json.int32();
          case "excludedDirCount" -> excludedDirCount = json.int32();
          case "ignoredErrorCount" -> ignoredErrorCount = json.int32();
          case "errorCount" -> errorCount = json.int32();
          default -> json.skip();
        }
      }
    }
    return new SnapshotStats(
        totalSize,
        excludedTotalSize,
        fileCount,
        cachedFiles,
        nonCachedFiles,
        dirCount,
        excludedFileCount,
        excludedDirCount,
        ignoredErrorCount,
        errorCount);
  }
}
