package dev.longshore.engine.index;

import static dev.longshore.engine.index.SegmentLayout.COUNT_BYTES;
import static dev.longshore.engine.index.SegmentLayout.PAGE_BYTES;
import static dev.longshore.engine.index.SegmentLayout.VALUE_BYTES;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexRow;

/// The entries of a segment, some pages at a time.
final class SegmentRun implements Run {
  private static final int MAX_PAGES = 64;

  private final Segment segment;
  private final PageFile.Buffer buffer;
  private final IndexRow row;
  private final int end;
  private int next;

  /// The pages in the buffer, the page and the entry to come next.
  private int pages;

  private int page;
  private int entry;
  private int entries;

  /// Pages `start..end-1` of the segment's entries.
  SegmentRun(Segment segment, int start, int end) {
    this.segment = segment;
    this.buffer = Segment.bufferOf(Math.clamp(end - start, 1, MAX_PAGES));
    this.row = new IndexRow(segment.keyLength());
    this.next = start;
    this.end = end;
  }

  @Override
  public boolean next() throws RepositoryException {
    if (entry == entries && !nextPage()) {
      return false;
    }
    int stride = segment.keyLength() + VALUE_BYTES;
    segment.decode(buffer.bytes, page * PAGE_BYTES + COUNT_BYTES + entry * stride, row);
    entry++;
    return true;
  }

  private boolean nextPage() throws RepositoryException {
    page++;
    if (page >= pages) {
      if (next == end) {
        return false;
      }
      pages = Math.min(buffer.bytes.length / PAGE_BYTES, end - next);
      segment.readEntries(next, pages, buffer);
      next += pages;
      page = 0;
    }
    entry = 0;
    entries = segment.count(buffer.bytes, page * PAGE_BYTES, next - pages + page);
    return true;
  }

  @Override
  public IndexRow row() {
    return row;
  }

  @Override
  public long position() {
    return segment.position(next - pages + page, entry - 1);
  }

  @Override
  public int packCount() {
    return segment.packs();
  }

  @Override
  public BlobId pack(int number) throws RepositoryException {
    return segment.pack(number);
  }

  @Override
  public int longestPackName() {
    return segment.longestPackName();
  }
}
