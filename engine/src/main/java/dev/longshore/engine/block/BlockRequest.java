package dev.longshore.engine.block;

import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A block backup to make.
///
/// @param source whose snapshot it is; host, user and path are all given
/// @param volumeId the volume, as the storage calls it; empty if it has no name that lasts
/// @param changeId the state that is read, as the storage calls it: of a CSI snapshot its handle.
///   An interrupted backup of the same state goes on without reading again what it had read; empty
///   if the state has no name, as of a device in use
/// @param tracker who knows what changed; empty to read everything
/// @param tags further tags; those of the layout are added. With Velero's requester among them,
///   only snapshots of the same requester become parents
/// @param pins names that keep the snapshot from expiring
public record BlockRequest(
    SourceInfo source,
    String description,
    String volumeId,
    String changeId,
    ParentChoice parent,
    Optional<ChangeTracker> tracker,
    Map<String, String> tags,
    List<String> pins) {
  /// @throws IllegalArgumentException if the source is not full
  public BlockRequest {
    if (source.host().isEmpty() || source.userName().isEmpty() || source.path().isEmpty()) {
      throw new IllegalArgumentException("a snapshot needs host, user and path: " + source);
    }
    tags = Map.copyOf(tags);
    pins = List.copyOf(pins);
  }

  /// A plain backup of a source that nobody tracks, compared with the newest snapshot.
  public static BlockRequest of(SourceInfo source) {
    return new BlockRequest(
        source, "", "", "", new ParentChoice.Newest(), Optional.empty(), Map.of(), List.of());
  }
}
