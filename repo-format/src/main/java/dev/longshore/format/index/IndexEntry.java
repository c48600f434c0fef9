package dev.longshore.format.index;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;

/// Where a content is, as one index entry says it.
///
/// A deleted entry (tombstone) keeps the old place, so that the content can be read and undeleted.
///
/// @param packOffset offset of the stored bytes in the pack, below 2^31
/// @param packedLength stored bytes (encrypted, with error correction if on)
/// @param originalLength plain bytes before compression
/// @param compressionHeaderId 0 for none
/// @param timestampSeconds Unix seconds of the write or deletion
/// @param formatVersion the repository's version at the time of writing
/// @param encryptionKeyId always 0 today
public record IndexEntry(
    ContentId contentId,
    BlobId packBlobId,
    int packOffset,
    int packedLength,
    int originalLength,
    int compressionHeaderId,
    boolean deleted,
    long timestampSeconds,
    int formatVersion,
    int encryptionKeyId) {

  /// Tells whether this entry is in force over `other` of the same content: the later one, then the
  /// one that is not deleted, then the one in the larger pack id.
  public boolean supersedes(IndexEntry other) {
    if (timestampSeconds != other.timestampSeconds) {
      return timestampSeconds > other.timestampSeconds;
    }
    if (deleted != other.deleted) {
      return !deleted;
    }
    return packBlobId.compareTo(other.packBlobId) > 0;
  }
}
