package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import java.util.List;
import java.util.Optional;

/// Writes contents in one session; what it wrote it can read at once.
///
/// Safe for use by many threads; each call hashes, looks up, compresses and seals on the calling
/// thread, and only placing the sealed bytes in the open pack is serialised. Full packs are
/// uploaded in the background within the session's byte budget; a failed upload fails the next call
/// and every later one.
public interface ContentWriter extends ContentReader {
  /// Stores bytes under their hash, unless they are there already. The caller may reuse `data` at
  /// once.
  ///
  /// @param prefix [ContentId#NO_PREFIX], or the letter of a metadata content
  /// @param compression tried if the index format allows; empty for none
  ContentId write(
      char prefix, byte[] data, int offset, int length, Optional<Compression> compression)
      throws RepositoryException;

  /// How many contents [#idsOf] wants at once to be at its best now; 1 if batches bring nothing.
  int idBatch();

  /// The ids of contents; some hashes make several in less time than one after the other.
  List<ContentId> idsOf(List<PlainContent> contents);

  /// As [#write], of bytes whose id is known from [#idsOf].
  void writeAs(ContentId id, PlainContent content, Optional<Compression> compression)
      throws RepositoryException;

  /// The plain bytes of a content, borrowed for the time of a call.
  ///
  /// @param prefix [ContentId#NO_PREFIX], or the letter of a metadata content
  @SuppressWarnings("ArrayRecordComponent") // never compared, only taken apart
  record PlainContent(char prefix, byte[] data, int offset, int length) {}

  /// Tells whether this session knows of damaged contents.
  default boolean knowsDamage() {
    return false;
  }

  /// Tells whether a content is there, live, and not known to be damaged.
  default boolean isSound(ContentId id) throws RepositoryException {
    return find(id).filter(found -> !found.deleted()).isPresent();
  }

  /// Marks a content deleted; one that is already deleted, or not there, is no fault.
  void delete(ContentId id) throws RepositoryException;

  /// Makes a deleted content live again, by writing it anew.
  void undelete(ContentId id) throws RepositoryException;

  /// Makes all that was written durable and visible: packs first, then the index blobs, then the
  /// session marker goes.
  void flush() throws RepositoryException;

  /// What this session did so far.
  WriteStats stats();

  /// Counts of one session.
  ///
  /// @param hashedBytes plain bytes given to [#write]
  /// @param dedupBytes of those, bytes that were there already
  /// @param writtenContents new contents
  /// @param writtenPlainBytes plain bytes of new contents
  /// @param writtenPackedBytes their stored bytes
  /// @param uploadedBytes bytes of blobs put
  record WriteStats(
      long hashedBytes,
      long dedupBytes,
      long writtenContents,
      long writtenPlainBytes,
      long writtenPackedBytes,
      long uploadedBytes) {}
}
