package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import java.util.BitSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Some entries of an earlier directory, read once more in their order. One thread.
final class KeptEntries implements AutoCloseable {
  private final ObjectReader objects;
  private final @Nullable ObjectId earlier;
  private final BitSet kept;
  private @Nullable StoredDirectory directory;
  private int next;

  /// @param earlier the directory; null if no entry is wanted
  /// @param kept numbers of the entries; must not change meanwhile
  KeptEntries(ObjectReader objects, @Nullable ObjectId earlier, BitSet kept) {
    this.objects = objects;
    this.earlier = earlier;
    this.kept = kept;
  }

  /// The next of them, null after the last.
  @Nullable DirEntry next() throws RepositoryException {
    int wanted = kept.nextSetBit(next);
    if (wanted < 0) {
      return null;
    }
    if (directory == null) {
      directory = StoredDirectory.open(objects, Objects.requireNonNull(earlier));
    }
    while (true) {
      DirEntry entry = directory.next();
      if (entry == null) {
        throw new DamagedException("directory " + earlier + " has become shorter");
      }
      if (next++ == wanted) {
        return entry;
      }
    }
  }

  @Override
  public void close() {
    if (directory != null) {
      directory.close();
    }
  }
}
