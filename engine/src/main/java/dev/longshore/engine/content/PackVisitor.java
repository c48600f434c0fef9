package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.index.IndexEntry;

/// Receives the contents of one pack.
public interface PackVisitor {
  /// A content whose hash was checked.
  ///
  /// @param plain valid only during the call
  void content(IndexEntry entry, ByteSpan plain) throws RepositoryException;

  /// A content whose stored bytes are damaged, but which error correction brought back; told before
  /// the content itself is handed over.
  default void mended(IndexEntry entry) {}

  /// A content that could not be read. Throws the fault, which stops the visit, unless overridden.
  default void fault(IndexEntry entry, RepositoryException fault) throws RepositoryException {
    throw fault;
  }
}
