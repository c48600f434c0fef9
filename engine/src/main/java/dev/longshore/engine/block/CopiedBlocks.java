package dev.longshore.engine.block;

import dev.longshore.engine.block.UnusableListException.Which;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectChunks;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;

/// The list of an earlier snapshot, read along with the device and never held. Each entry that is
/// passed is looked at: a list of other pieces than whole blocks is of no use. One thread only.
final class CopiedBlocks implements AutoCloseable {
  private final ObjectChunks entries;
  private final Which which;
  private int next;
  private ObjectId current;

  CopiedBlocks(ObjectReader objects, ObjectId list, Which which) {
    this.entries = objects.chunks(list);
    this.current = list;
    this.which = which;
  }

  /// The object of a block; blocks are asked for in ascending order, within the list.
  ///
  /// @throws UnusableListException if the list ends before, or breaks the layout's rules
  ObjectId at(int block) throws UnusableListException, RepositoryException {
    while (next <= block) {
      advance();
    }
    return current;
  }

  private void advance() throws UnusableListException, RepositoryException {
    try {
      if (!entries.next()) {
        throw unusable("ends at block " + next);
      }
    } catch (DamagedException | NotFoundException e) {
      throw unusable("cannot be read: " + e.getMessage());
    }
    long start = (long) next * BlockMap.BLOCK_BYTES;
    ObjectId object = entries.object();
    if (entries.start() != start
        || entries.end() - start != BlockMap.BLOCK_BYTES
        || object.compressed()
        || object.contentId().prefix() != ContentId.NO_PREFIX) {
      throw unusable(
          "has an entry %d+%d of %s instead of block %d"
              .formatted(entries.start(), entries.end() - entries.start(), object, next));
    }
    current = object;
    next++;
  }

  private UnusableListException unusable(String why) {
    return new UnusableListException(which, "its list of blocks " + why);
  }

  @Override
  public void close() {
    entries.close();
  }
}
