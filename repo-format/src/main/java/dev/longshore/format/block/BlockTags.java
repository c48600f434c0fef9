package dev.longshore.format.block;

import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The tags that make a snapshot one of a block device.
///
/// | tag | value |
/// |---|---|
/// | `bdev-source-size` | exact bytes of the device, decimal |
/// | `cbt-volume-id` | the volume, as the storage calls it |
/// | `cbt-change-id` | the state that was read, as the storage calls it: the base of the next delta |
/// | `snapshot-uploader` | `velero-block` |
///
/// They are labels of the manifest under these very names.
///
/// Source: velero d2241adba `pkg/uploader`; all versions.
///
/// @param deviceBytes exact size
/// @param volumeId empty if the source has no name that lasts
/// @param changeId empty if there is none
public record BlockTags(long deviceBytes, String volumeId, String changeId) {
  public static final String SIZE = "bdev-source-size";
  public static final String VOLUME_ID = "cbt-volume-id";
  public static final String CHANGE_ID = "cbt-change-id";
  public static final String UPLOADER = "snapshot-uploader";
  public static final String REQUESTER = "snapshot-requester";

  /// The value of [#UPLOADER].
  public static final String BLOCK_UPLOADER = "velero-block";

  /// @throws IllegalArgumentException if the size is negative
  public BlockTags {
    if (deviceBytes < 0) {
      throw new IllegalArgumentException("device of " + deviceBytes + " bytes");
    }
  }

  /// The tags as they are stored.
  public Map<String, String> toMap() {
    Map<String, String> tags = new TreeMap<>();
    tags.put(SIZE, Long.toString(deviceBytes));
    tags.put(VOLUME_ID, volumeId);
    tags.put(CHANGE_ID, changeId);
    tags.put(UPLOADER, BLOCK_UPLOADER);
    return tags;
  }

  /// The tags of a snapshot; empty if it is none of a block device: no size, or one that its object
  /// cannot have.
  public static Optional<BlockTags> of(SnapshotManifest snapshot) {
    Map<String, String> tags = snapshot.tags();
    String text = tags.getOrDefault(SIZE, "");
    // Nineteen digits may still be too many.
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long bytes = Long.parseLong(text);
    if (BlockLayout.objectBytes(bytes) != snapshot.stats().totalSize()) {
      return Optional.empty();
    }
    return Optional.of(
        new BlockTags(bytes, tags.getOrDefault(VOLUME_ID, ""), tags.getOrDefault(CHANGE_ID, "")));
  }
}
