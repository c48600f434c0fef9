package dev.longshore.cbt;

/// What a snapshot metadata service is asked for.
public sealed interface MetadataQuery {
  /// Of the VolumeSnapshot that is asked about.
  String namespace();

  /// The name of the VolumeSnapshot, which must be ready and stay until the answer has ended.
  String snapshot();

  /// The blocks that hold anything.
  record Allocated(String namespace, String snapshot) implements MetadataQuery {}

  /// The blocks that differ from an earlier snapshot.
  ///
  /// @param baseHandle the storage's own name of the earlier one, whose objects need not exist
  record Delta(String namespace, String baseHandle, String snapshot) implements MetadataQuery {}
}
