package dev.longshore.cbt;

/// The calls of a service. Safe for use by many threads.
public interface MetadataCalls extends AutoCloseable {
  /// Asks; what goes wrong is told by the answer.
  ///
  /// @param token of whom asks; the service looks at it once, now
  /// @param startingOffset blocks that end before it are of no interest
  /// @return to be closed by the caller
  MetadataStream open(MetadataQuery query, String token, long startingOffset);

  @Override
  void close();
}
