package dev.longshore.engine.content;

import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// Contents of one pack that are best read together: neighbours, in the order of their offsets.
///
/// @param storedBytes sum of the entries' lengths in the pack
/// @param largestPlainBytes the longest of the contents
public record PackRun(
    BlobId pack, List<IndexEntry> entries, long storedBytes, long largestPlainBytes) {
  private static final Comparator<IndexEntry> BY_PLACE =
      Comparator.comparing(IndexEntry::packBlobId).thenComparingInt(IndexEntry::packOffset);

  /// Orders contents by pack and offset, and cuts them into runs.
  ///
  /// @param maxStoredBytes a run is ended before it would exceed this; a larger content is a run
  ///   alone
  public static List<PackRun> plan(Collection<IndexEntry> contents, long maxStoredBytes) {
    List<IndexEntry> sorted = new ArrayList<>(contents);
    sorted.sort(BY_PLACE);
    List<PackRun> runs = new ArrayList<>();
    int start = 0;
    long stored = 0;
    long largest = 0;
    for (int i = 0; i < sorted.size(); i++) {
      IndexEntry entry = sorted.get(i);
      boolean fits = stored + entry.packedLength() <= maxStoredBytes;
      if (i > start && !(fits && entry.packBlobId().equals(sorted.get(start).packBlobId()))) {
        runs.add(run(sorted.subList(start, i), stored, largest));
        start = i;
        stored = 0;
        largest = 0;
      }
      stored += entry.packedLength();
      largest = Math.max(largest, entry.originalLength());
    }
    if (start < sorted.size()) {
      runs.add(run(sorted.subList(start, sorted.size()), stored, largest));
    }
    return runs;
  }

  private static PackRun run(List<IndexEntry> entries, long stored, long largest) {
    return new PackRun(entries.getFirst().packBlobId(), List.copyOf(entries), stored, largest);
  }
}
