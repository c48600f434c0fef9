package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A directory object being read.
final class StoredDirectory implements DirectoryCursor {
  private final ObjectId id;
  private final InputStream stream;
  private final DirectoryReader reader;

  private StoredDirectory(ObjectId id, InputStream stream) {
    this.id = id;
    this.stream = stream;
    this.reader = new DirectoryReader(stream);
  }

  static StoredDirectory open(ObjectReader objects, ObjectId id) throws RepositoryException {
    return new StoredDirectory(id, objects.open(id));
  }

  @Override
  public @Nullable DirEntry next() throws RepositoryException {
    try {
      return reader.next();
    } catch (RepositoryException e) {
      throw e;
    } catch (FormatException e) {
      throw new DamagedException("directory " + id + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new DamagedException("directory " + id + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<DirSummary> summary() {
    return reader.summary();
  }

  @Override
  public void close() {
    reader.close();
    try {
      stream.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
