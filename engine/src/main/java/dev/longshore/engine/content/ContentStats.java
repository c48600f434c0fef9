package dev.longshore.engine.content;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.index.IndexEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Sizes of contents in sum, by compression and by order of magnitude.
///
/// @param byCompression by header id; 0 for contents that are not compressed
/// @param bySize by stored size, in powers of ten up to 100 MB; larger ones are only in `total`
public record ContentStats(
    Totals total, SortedMap<Integer, Totals> byCompression, List<SizeClass> bySize) {
  private static final int CLASSES = 8;

  /// Number and bytes of some contents.
  public record Totals(long count, long plainBytes, long packedBytes) {
    private static final Totals ZERO = new Totals(0, 0, 0);

    private Totals plus(IndexEntry entry) {
      return new Totals(
          count + 1, plainBytes + entry.originalLength(), packedBytes + entry.packedLength());
    }
  }

  /// Contents of at least `fromBytes` and less than `toBytes` stored bytes.
  public record SizeClass(long fromBytes, long toBytes, long count, long packedBytes) {}

  /// Counts the contents in a range.
  public static ContentStats of(ContentReader contents, ContentRange range)
      throws RepositoryException {
    Totals[] total = {Totals.ZERO};
    SortedMap<Integer, Totals> byCompression = new TreeMap<>();
    Totals[] classes = new Totals[CLASSES + 1];
    Arrays.fill(classes, Totals.ZERO);
    contents.forEach(
        range,
        entry -> {
          total[0] = total[0].plus(entry);
          byCompression.merge(
              entry.compressionHeaderId(), Totals.ZERO.plus(entry), (sum, one) -> sum.plus(entry));
          int size = sizeClass(entry.packedLength());
          classes[size] = classes[size].plus(entry);
        });
    List<SizeClass> bySize = new ArrayList<>();
    long from = 0;
    long to = 10;
    for (int i = 0; i < CLASSES; i++) {
      bySize.add(new SizeClass(from, to, classes[i].count, classes[i].packedBytes));
      from = to;
      to *= 10;
    }
    return new ContentStats(total[0], byCompression, bySize);
  }

  private static int sizeClass(long bytes) {
    int size = 0;
    for (long limit = 10; size < CLASSES && bytes >= limit; limit *= 10) {
      size++;
    }
    return size;
  }
}
