package dev.longshore.engine.blob;

/// What was asked of a store: what it may charge for.
///
/// @param gets reads of blobs or parts of them
/// @param puts blobs written
/// @param lists listings; a store may need several requests for one
/// @param deletes blobs deleted
/// @param others looks at one blob, renewals of locks
/// @param readBytes bytes that were read
/// @param writtenBytes bytes that were written
public record StoreUsage(
    long gets,
    long puts,
    long lists,
    long deletes,
    long others,
    long readBytes,
    long writtenBytes) {
  /// What was asked since an earlier time.
  public StoreUsage since(StoreUsage earlier) {
    return new StoreUsage(
        gets - earlier.gets,
        puts - earlier.puts,
        lists - earlier.lists,
        deletes - earlier.deletes,
        others - earlier.others,
        readBytes - earlier.readBytes,
        writtenBytes - earlier.writtenBytes);
  }

  /// Requests of all kinds.
  public long requests() {
    return gets + puts + lists + deletes + others;
  }
}
