package dev.longshore.engine.verify;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.random.RandomGenerator;

/// Checks one file at a time: that every content it needs has an index entry and a pack that is
/// there and long enough; some files are read as well. Safe for use by many threads.
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/snapshot_verifier.go`.
public final class FileCheck {
  private static final int BUFFER_BYTES = 256 << 10;

  private final ObjectReader objects;
  private final ContentReader contents;
  private final PackLengths packs;
  private final double readPercent;
  private final RandomGenerator random;

  /// Lists the packs.
  ///
  /// @param readPercent share of the files to read, 0 to 100, chosen at random
  public FileCheck(Repository repository, double readPercent, RandomGenerator random)
      throws RepositoryException {
    this.objects = repository.objects();
    this.contents = repository.contents();
    this.packs = new PackLengths(repository.blobs());
    this.readPercent = readPercent;
    this.random = random;
  }

  /// Checks a file or a symbolic link.
  ///
  /// @throws RepositoryException if it cannot be restored in full
  public void check(DirEntry file) throws RepositoryException {
    objects.forEachContent(file.objectId(), this::content);
    if (isChosen()) {
      read(file);
    }
  }

  private void content(ContentId id) throws RepositoryException {
    IndexEntry entry =
        contents
            .find(id)
            .orElseThrow(() ->
                new NotFoundException("content " + id + ": expected an index entry, found none"));
    packs.check(entry);
  }

  private boolean isChosen() {
    if (readPercent <= 0) {
      return false;
    }
    synchronized (random) {
      return 100 * random.nextDouble() < readPercent;
    }
  }

  private void read(DirEntry file) throws RepositoryException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = objects.open(file.objectId())) {
      while (in.read(buffer) >= 0) {
        // What cannot be read throws.
      }
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new DamagedException("object " + file.objectId() + ": " + e.getMessage(), e);
    }
  }
}
