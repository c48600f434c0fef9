package dev.longshore.engine.object;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.InputStream;

/// Reads objects. Safe for use by many threads.
public interface ObjectReader {
  /// Opens an object for sequential reading; bytes are checked as they come. The stream's reads
  /// throw [RepositoryException] as an `IOException`.
  InputStream open(ObjectId id) throws RepositoryException;

  /// As [#open], from a place inside the object on; beyond the end there is nothing to read. Chunks
  /// before the place, and those the stream's `skip` passes over, are not read.
  ///
  /// @throws IllegalArgumentException if the offset is negative
  InputStream openAt(ObjectId id, long offset) throws RepositoryException;

  /// Length in bytes; reads all of an indirect object's chunk list.
  long length(ObjectId id) throws RepositoryException;

  /// Reads a whole object of at most `maxLength` bytes.
  ///
  /// @throws dev.longshore.engine.error.DamagedException if it is longer
  byte[] readAll(ObjectId id, int maxLength) throws RepositoryException;

  /// Visits the pieces of an object in order, in bounded memory: for each content its place in the
  /// object. Chunk lists are resolved, contents are not read (except a format-1 compressed one's
  /// length).
  void forEachChunk(ObjectId id, ChunkVisitor visitor) throws RepositoryException;

  /// As [#forEachChunk], one at a time; the caller closes it.
  ObjectChunks chunks(ObjectId id);

  /// Visits every content an object needs: chunk lists' own contents and data contents.
  void forEachContent(ObjectId id, ContentVisitor visitor) throws RepositoryException;

  /// Receives a chunk: `length` bytes from `start` of the object are the object `direct` (whose
  /// `indirection` is 0; its content may be compressed at object level in format 1).
  @FunctionalInterface
  interface ChunkVisitor {
    void visit(long start, long length, ObjectId direct) throws RepositoryException;
  }

  /// Receives content ids.
  @FunctionalInterface
  interface ContentVisitor {
    void visit(ContentId id) throws RepositoryException;
  }
}
