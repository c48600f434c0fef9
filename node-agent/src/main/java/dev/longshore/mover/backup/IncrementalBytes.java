package dev.longshore.mover.backup;

import dev.longshore.engine.compare.Difference;
import dev.longshore.engine.compare.TreeComparer;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/// Counts the bytes of a snapshot that its parent does not have: whole files, or, of a large file
/// that changed, the chunks that are new. Told by the two trees and nothing else: how often the
/// backup was begun makes no difference.
final class IncrementalBytes {
  /// A larger file than so many chunks of 1 to 8 MiB counts as new as a whole, if it changed.
  private static final int MAX_CHUNKS = 1 << 20;

  private final ObjectReader objects;
  private long bytes;

  private IncrementalBytes(ObjectReader objects) {
    this.objects = objects;
  }

  /// The bytes that `root` has and `parent` has not.
  static long between(Repository repository, DirEntry parent, DirEntry root) throws IOException {
    if (parent.objectId().equals(root.objectId())) {
      return 0;
    }
    IncrementalBytes count = new IncrementalBytes(repository.objects());
    var _ = new TreeComparer(repository).compare(parent, root, count::add);
    return count.bytes;
  }

  private void add(Difference difference) throws IOException {
    switch (difference) {
      case Difference.FileAdded(String _, DirEntry entry) -> bytes += entry.sizeBytes();
      case Difference.ContentChanged(String _, DirEntry old, DirEntry now) -> {
        if (old.objectId().isIndirect() && now.objectId().isIndirect()) {
          bytes += newChunks(old.objectId(), now.objectId(), now.sizeBytes());
        } else {
          bytes += now.sizeBytes();
        }
      }
      default -> {}
    }
  }

  private long newChunks(ObjectId old, ObjectId now, long sizeBytes) throws RepositoryException {
    Set<ObjectId> known = new HashSet<>();
    objects.forEachChunk(
        old,
        (_, _, chunk) -> {
          if (known.size() <= MAX_CHUNKS) {
            known.add(chunk);
          }
        });
    if (known.size() > MAX_CHUNKS) {
      return sizeBytes;
    }
    long[] sum = new long[1];
    objects.forEachChunk(
        now,
        (_, length, chunk) -> {
          if (!known.contains(chunk)) {
            sum[0] += length;
          }
        });
    return sum[0];
  }
}
