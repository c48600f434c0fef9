package dev.longshore.cbt;

/// What a service for tests does when it is asked. Called by any thread.
@FunctionalInterface
public interface MetadataResponder {
  MetadataAnswer answer(Asked asked);

  /// A question as it arrived.
  record Asked(MetadataQuery query, String token, long startingOffset) {}
}
