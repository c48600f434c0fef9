package dev.longshore.engine.repository;

import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestWriter;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.object.ObjectWriters;

/// One write session: what it writes becomes visible to others with [#flush()], in the order that
/// keeps every reachable content present. Safe for use by many threads, except flush and close.
public interface RepositoryWriter extends AutoCloseable {
  /// The repository this session writes to.
  Repository repository();

  ContentWriter contents();

  /// Reads objects, those of this session included.
  ObjectReader objects();

  ObjectWriters objectWriters();

  ManifestWriter manifests();

  /// Publishes everything so far: contents, then their index, with the manifests in the last of it.
  void flush() throws RepositoryException;

  /// Gives up what was not flushed, and removes its session marker.
  @Override
  void close() throws RepositoryException;
}
