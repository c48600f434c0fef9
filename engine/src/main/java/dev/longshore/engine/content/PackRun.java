package dev.longshore.engine.content;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Contents of one pack that are best read together: neighbours, in the order of their offsets.
///
/// @param spaceBytes what reading them takes: their bytes in the pack, those between near
///   neighbours, which are fetched along, and the plain bytes of compressed ones
public record PackRun(BlobId pack, List<IndexEntry> entries, long spaceBytes) {
  /// Bytes between two contents that are fetched along rather than ask twice.
  private static final int MAX_GAP = 256 << 10;

  /// The largest chunk of any splitter: what an index says of a larger one must be made likely by
  /// the length of its stored bytes.
  private static final long BELIEVED_BYTES = 16 << 20;

  private static final int BELIEVED_RATIO = 64;

  private static final Comparator<IndexEntry> BY_PLACE =
      Comparator.comparing(IndexEntry::packBlobId).thenComparingInt(IndexEntry::packOffset);

  /// Orders contents by pack and offset, and cuts them into runs.
  ///
  /// @param maxSpaceBytes a run is ended before it would exceed this; a larger content is a run
  ///   alone
  public static List<PackRun> plan(Collection<IndexEntry> contents, long maxSpaceBytes) {
    List<IndexEntry> sorted = new ArrayList<>(contents);
    sorted.sort(BY_PLACE);
    List<PackRun> runs = new ArrayList<>();
    int start = 0;
    long space = 0;
    for (int i = 0; i < sorted.size(); i++) {
      IndexEntry entry = sorted.get(i);
      boolean first = i == start;
      long gap = first ? 0 : gap(sorted.get(i - 1), entry);
      long needed = gap + entry.packedLength() + plainSpace(entry);
      boolean samePack = entry.packBlobId().equals(sorted.get(start).packBlobId());
      if (!first && (!samePack || space + needed > maxSpaceBytes)) {
        runs.add(run(sorted.subList(start, i), space));
        start = i;
        space = 0;
        needed -= gap;
      }
      space += needed;
    }
    if (start < sorted.size()) {
      runs.add(run(sorted.subList(start, sorted.size()), space));
    }
    return runs;
  }

  private static PackRun run(List<IndexEntry> entries, long space) {
    return new PackRun(entries.getFirst().packBlobId(), List.copyOf(entries), space);
  }

  /// Bytes to fetch along between neighbours in a pack; 0 if the second is fetched for itself.
  private static long gap(IndexEntry first, IndexEntry second) {
    return isNear(first, second) ? second.packOffset() - end(first) : 0;
  }

  /// Tells whether the second of two contents, in their order, is fetched along with the first.
  /// Those that overlap, which no writer makes, are not: opening one would spoil the other.
  static boolean isNear(IndexEntry first, IndexEntry second) {
    long gap = second.packOffset() - end(first);
    return gap >= 0 && gap <= MAX_GAP;
  }

  static long end(IndexEntry entry) {
    return (long) entry.packOffset() + entry.packedLength();
  }

  /// Bytes to set aside for the plain bytes: none if they take the place of the stored ones, or if
  /// the index claims more of them than can be believed.
  static int plainSpace(IndexEntry entry) {
    boolean believed =
        entry.originalLength()
            <= Math.max(BELIEVED_BYTES, (long) BELIEVED_RATIO * entry.packedLength());
    return entry.compressionHeaderId() != 0 && believed ? entry.originalLength() : 0;
  }
}
