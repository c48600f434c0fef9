package dev.longshore.chunker;

import static dev.longshore.chunker.WindowScan.WINDOW_BYTES;

import java.util.Objects;

/// Cuts where a rolling hash of the last 64 bytes has its low bits zero, but never before the
/// minimum and always at the maximum.
///
/// No test can pass before the minimum and a test sees no more than the last 64 bytes, so all
/// before them is skipped. The minimum is at least the window, which hence never reaches back into
/// the chunk before: nothing is carried over a cut.
final class WindowSplitter implements Splitter {
  private final WindowScan scan;
  private final int minBytes;
  private final int maxBytes;

  /// Bytes of the current chunk that earlier calls have taken in.
  private int count;

  /// In its first half the last 64 of those bytes; the second half is for [#firstAcrossCalls].
  private final byte[] seam = new byte[2 * WINDOW_BYTES];

  WindowSplitter(WindowScan scan, int minBytes, int maxBytes) {
    this.scan = scan;
    this.minBytes = minBytes;
    this.maxBytes = maxBytes;
  }

  @Override
  public int nextCut(byte[] data, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, data.length);
    int firstTest = Math.max(minBytes - count, 1);
    int lastTest = Math.min(maxBytes - count, length);
    int cut = -1;
    if (firstTest <= Math.min(lastTest, WINDOW_BYTES)) {
      cut = firstAcrossCalls(data, offset, firstTest, Math.min(lastTest, WINDOW_BYTES));
    }
    if (cut < 0 && lastTest > WINDOW_BYTES && firstTest <= lastTest) {
      int from = offset + Math.max(firstTest - 1, WINDOW_BYTES);
      int hit = scan.first(data, from, offset + lastTest);
      cut = hit < 0 ? -1 : hit - offset + 1;
    }
    if (cut < 0 && lastTest == maxBytes - count) {
      cut = lastTest;
    }
    if (cut < 0) {
      takeIn(data, offset, length);
    } else {
      count = 0;
    }
    return cut;
  }

  /// Tests the first places of a slice, whose windows begin in earlier slices.
  private int firstAcrossCalls(byte[] data, int offset, int firstTest, int lastTest) {
    System.arraycopy(data, offset, seam, WINDOW_BYTES, lastTest);
    int hit = scan.first(seam, WINDOW_BYTES + firstTest - 1, WINDOW_BYTES + lastTest);
    return hit < 0 ? -1 : hit - WINDOW_BYTES + 1;
  }

  private void takeIn(byte[] data, int offset, int length) {
    count += length;
    if (length >= WINDOW_BYTES) {
      System.arraycopy(data, offset + length - WINDOW_BYTES, seam, 0, WINDOW_BYTES);
    } else {
      System.arraycopy(seam, length, seam, 0, WINDOW_BYTES - length);
      System.arraycopy(data, offset, seam, WINDOW_BYTES - length, length);
    }
  }

  @Override
  public void reset() {
    count = 0;
  }

  @Override
  public int maxChunkBytes() {
    return maxBytes;
  }
}
