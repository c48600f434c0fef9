package dev.longshore.engine.compare;

/// Counts of a comparison, as Kopia has them.
public record DifferenceStats(Kind files, Kind directories) {
  /// Counts for one kind of entry. The last five are of entries with equal content.
  ///
  /// @param metadataOnly entries of which any of the following four is true
  public record Kind(
      long added,
      long removed,
      long modified,
      long metadataOnly,
      long modeOnly,
      long timeOnly,
      long ownerOnly,
      long groupOnly) {}

  /// Kopia's JSON, compact.
  public String toJson() {
    return "{\"fileEntries\":" + json(files) + ",\"directoryEntries\":" + json(directories) + "}";
  }

  private static String json(Kind kind) {
    return "{\"added\":%d,\"removed\":%d,\"modified\":%d,\"sameContentButDifferentMetadata\":%d,"
            .formatted(kind.added, kind.removed, kind.modified, kind.metadataOnly)
        + "\"sameContentButDifferentMode\":%d,\"sameContentButDifferentModificationTime\":%d,"
            .formatted(kind.modeOnly, kind.timeOnly)
        + "\"sameContentButDifferentUserOwner\":%d,\"sameContentButDifferentGroupOwner\":%d}"
            .formatted(kind.ownerOnly, kind.groupOnly);
  }
}
