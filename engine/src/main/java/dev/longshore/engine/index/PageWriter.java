package dev.longshore.engine.index;

import static dev.longshore.engine.index.SegmentLayout.DATA_BYTES;
import static dev.longshore.engine.index.SegmentLayout.PAGE_BYTES;

import dev.longshore.crypto.hash.SipHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/// Writes pages with their tags one after the other, beginning with the second. For one owner.
final class PageWriter {
  private static final int BUFFERED_PAGES = 128;

  private final FileChannel file;
  private final SipHash hash;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFERED_PAGES * PAGE_BYTES);

  /// The page that is being filled; [SegmentLayout#DATA_BYTES] of it are the caller's.
  final byte[] page = new byte[PAGE_BYTES];

  private long number = 1;

  PageWriter(FileChannel file, SipHash hash) throws IOException {
    this.file = file;
    this.hash = hash;
    file.position(PAGE_BYTES);
  }

  /// Where in the file the page will begin.
  long position() {
    return number * PAGE_BYTES;
  }

  /// Ends the page; the next is empty.
  void end() throws IOException {
    seal(number++);
    buffer.put(page);
    if (!buffer.hasRemaining()) {
      drain();
    }
    Arrays.fill(page, (byte) 0);
  }

  private void seal(long at) {
    SegmentLayout.LONGS.set(page, DATA_BYTES, SegmentLayout.tag(hash, page, 0, at));
  }

  private void drain() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    buffer.clear();
  }

  /// Writes bytes over as many pages as they take.
  void putAll(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += DATA_BYTES) {
      System.arraycopy(bytes, at, page, 0, Math.min(DATA_BYTES, bytes.length - at));
      end();
    }
  }

  /// Writes the page as the first of the file, which is then complete.
  void endFirst() throws IOException {
    drain();
    seal(0);
    ByteBuffer first = ByteBuffer.wrap(page);
    while (first.hasRemaining()) {
      file.write(first, first.position());
    }
  }
}
