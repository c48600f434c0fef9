package dev.longshore.engine.snapshot;

import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A snapshot to make.
///
/// @param source whose snapshot it is; host, user and path are all given
/// @param tags labels of the manifest, as they are stored (Kopia's command line puts `tag:` before
///   keys)
/// @param pins names that keep the snapshot from expiring
/// @param startTime in place of the real one
/// @param endTime in place of the real one
/// @param parents snapshots whose files are taken over if unchanged; empty to find them as Kopia
///   does: the newest complete one and what is incomplete after it
public record SnapshotRequest(
    SourceInfo source,
    String description,
    Map<String, String> tags,
    List<String> pins,
    Optional<Instant> startTime,
    Optional<Instant> endTime,
    Optional<List<SnapshotManifest>> parents) {
  /// @throws IllegalArgumentException if the source is not full, or it would end before it starts
  public SnapshotRequest {
    if (source.host().isEmpty() || source.userName().isEmpty() || source.path().isEmpty()) {
      throw new IllegalArgumentException("a snapshot needs host, user and path: " + source);
    }
    if (startTime.isPresent() && endTime.isPresent() && startTime.get().isAfter(endTime.get())) {
      throw new IllegalArgumentException("start " + startTime + " after end " + endTime);
    }
    tags = Map.copyOf(tags);
    pins = List.copyOf(pins);
  }

  /// A plain snapshot of a source.
  public static SnapshotRequest of(SourceInfo source) {
    return new SnapshotRequest(
        source, "", Map.of(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
