package dev.longshore.engine.block.restore;

import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.util.HashMap;
import java.util.Map;

/// Tells by their ids which contents are zeros, so that nobody has to fetch them.
///
/// The id of zeros depends on the repository and on their number, and is computed for a number of
/// bytes when two neighbours have it: all blocks of one size, and runs of zeros in streams. One
/// thread's.
public final class ZeroContents {
  private static final int MIN_BYTES = 4 << 10;
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_LENGTHS = 64;

  private final ContentNamer namer;
  private final Map<Long, ContentId> known = new HashMap<>();
  private long last = -1;

  /// Knows nothing yet.
  public ZeroContents(ContentNamer namer) {
    this.namer = namer;
  }

  /// Tells whether a chunk is known to be zeros; of a few of them, the first of a kind, it is not.
  public boolean has(long length, ObjectId source) {
    boolean again = length == last;
    last = length;
    if (source.compressed() || length < MIN_BYTES || length > MAX_BYTES) {
      return false;
    }
    ContentId zeros = known.get(length);
    if (zeros == null && again && known.size() < MAX_LENGTHS) {
      zeros = namer.idOf(ContentId.NO_PREFIX, new byte[(int) length], 0, (int) length);
      known.put(length, zeros);
    }
    return zeros != null && zeros.equals(source.contentId());
  }
}
