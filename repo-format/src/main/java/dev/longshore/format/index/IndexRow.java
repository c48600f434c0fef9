package dev.longshore.format.index;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.ContentId;

/// One index entry in fields that are filled again and again: merging millions of entries makes no
/// objects. Terms as in [IndexEntry]. For one owner.
// Fields rather than accessors: this is a register, not an object.
public final class IndexRow {
  /// The id's binary form.
  public final byte[] key;

  public long timestampSeconds;
  public int packOffset;
  public boolean deleted;
  public int packedLength;
  public int originalLength;
  public int compressionHeaderId;
  public int formatVersion;
  public int encryptionKeyId;

  /// The pack's number among those of what the row was read from.
  public int pack;

  /// A row for ids whose binary form has this length.
  public IndexRow(int keyLength) {
    this.key = new byte[keyLength];
  }

  /// The row as an object of its own.
  public IndexEntry entry(BlobId packBlobId) {
    return new IndexEntry(
        ContentId.ofKey(key, 0, key.length),
        packBlobId,
        packOffset,
        packedLength,
        originalLength,
        compressionHeaderId,
        deleted,
        timestampSeconds,
        formatVersion,
        encryptionKeyId);
  }
}
