package dev.longshore.engine.repository;

import dev.longshore.engine.blob.BlobStore;
import dev.longshore.engine.blob.StoreUsage;
import dev.longshore.engine.content.ContentStore;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.maintenance.MaintenanceSchedule;
import dev.longshore.format.repository.RepositoryFormat;
import java.time.Clock;

/// An open repository. Safe for use by many threads; write sessions run side by side.
public interface Repository extends AutoCloseable {
  /// The parameters all clients share.
  RepositoryFormat format();

  /// The repository's 32 random bytes of identity (a copy).
  byte[] uniqueId();

  /// Who this client says it is, and what it may do.
  ClientOptions client();

  /// The store beneath, with retries; for inspection and maintenance.
  BlobStore blobs();

  ContentStore contents();

  ObjectReader objects();

  ManifestReader manifests();

  /// The clock of everything this repository writes.
  Clock clock();

  /// Opens a write session. It must be closed; what was not flushed by then is given up.
  ///
  /// @throws dev.longshore.engine.error.UnsupportedException on a read-only connection
  RepositoryWriter openWriter(WriteOptions options) throws RepositoryException;

  /// Runs `body` in a write session and flushes it if the body returns; a body that throws leaves
  /// nothing that a reader would see.
  default <T> T write(WriteOptions options, Body<T> body) throws RepositoryException {
    try (RepositoryWriter writer = openWriter(options)) {
      T result = body.run(writer);
      writer.flush();
      return result;
    }
  }

  /// What `repository status` shows; asks the store.
  RepositoryStatus status() throws RepositoryException;

  /// Who maintains the repository, and how that went.
  MaintenanceInfo maintenance() throws RepositoryException;

  /// Writes the schedule of maintenance and the history of its runs; the store's time of the blob
  /// [MaintenanceInfo#SCHEDULE_BLOB] is when.
  void putMaintenanceSchedule(MaintenanceSchedule schedule) throws RepositoryException;

  /// What was asked of the store since the repository was opened.
  StoreUsage usage();

  /// Loads what other clients have published since.
  void refresh() throws RepositoryException;

  @Override
  void close() throws RepositoryException;

  /// What is done in a write session.
  @FunctionalInterface
  interface Body<T> {
    T run(RepositoryWriter writer) throws RepositoryException;
  }
}
