package dev.longshore.engine.block.nbd;

import dev.longshore.engine.block.restore.ContentNamer;
import dev.longshore.engine.block.restore.ZeroContents;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Where in a volume which content is, to be asked in any order. It lies in a temporary file that
/// has no name any more, so that a volume of any size takes little memory. Thread-safe.
///
/// One record is a run: pieces of one length with one content, or zeros. In the machine's order:
///
/// | offset | length | field |
/// |---|---|---|
/// | 0 | 8 | where the run begins |
/// | 8 | 8 | length of each piece; 0 for zeros |
/// | 16 | 1 | 1 if the content is compressed as an object |
/// | 17 | 1 | length of the content's key |
/// | 18 | 33 | key |
/// | 51 | 5 | nothing |
final class PieceTable implements AutoCloseable {
  private static final int RECORD = 56;
  private static final int KEY = 18;
  private static final int BUFFERED = 4096;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private final Arena arena = Arena.ofShared();
  private final MemorySegment records;
  private final long count;
  private final long size;

  /// What is at a place of the volume.
  ///
  /// @param start where the piece begins, or the run of zeros
  /// @param end where it ends, in the volume
  /// @param length of the object, which may go on behind the volume
  /// @param source the piece's object; null for zeros
  record Piece(long start, long end, long length, @Nullable ObjectId source) {}

  private PieceTable(FileChannel file, long size) throws IOException {
    this.count = file.size() / RECORD;
    this.size = size;
    this.records = file.map(FileChannel.MapMode.READ_ONLY, 0, file.size(), arena);
  }

  /// Reads the list of an object's pieces.
  ///
  /// @param size what is behind it does not count
  /// @param folder where the table's file is for a moment
  /// @throws DamagedException if the list has gaps or fewer bytes
  static PieceTable read(
      ObjectReader objects, ContentNamer namer, ObjectId object, long size, Path folder)
      throws IOException {
    Path file = Files.createTempFile(folder, "pieces", ".tmp");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Files.delete(file);
      Writer writer = new Writer(channel, new ZeroContents(namer), object, size);
      objects.forEachChunk(object, writer::piece);
      writer.end();
      return new PieceTable(channel, size);
    }
  }

  private static final class Writer {
    private final FileChannel file;
    private final ZeroContents zeros;
    private final ObjectId object;
    private final long size;
    private final ByteBuffer buffer =
        ByteBuffer.allocate(BUFFERED * RECORD).order(ByteOrder.nativeOrder());
    private long end;
    private long lastLength = -1;
    private @Nullable ObjectId last;

    Writer(FileChannel file, ZeroContents zeros, ObjectId object, long size) {
      this.file = file;
      this.zeros = zeros;
      this.object = object;
      this.size = size;
    }

    void piece(long start, long length, ObjectId source) throws RepositoryException {
      if (start != end || length < 0 || start > Long.MAX_VALUE - length) {
        throw new DamagedException(
            "object %s: expected its next piece at %d, found %d+%d"
                .formatted(object, end, start, length));
      }
      end = start + length;
      if (start >= size || length == 0) {
        return;
      }
      long pieceLength = zeros.has(length, source) ? 0 : length;
      if (pieceLength == lastLength && (pieceLength == 0 || source.equals(last))) {
        return;
      }
      lastLength = pieceLength;
      last = source;
      try {
        record(start, pieceLength, source);
      } catch (IOException e) {
        throw new StoreException(
            "table of pieces: " + e.getMessage(), StoreException.Retry.NEVER, e);
      }
    }

    private void record(long start, long length, ObjectId source) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int at = buffer.position();
      ContentId id = source.contentId();
      buffer.putLong(start).putLong(length);
      buffer.put((byte) (source.compressed() ? 1 : 0)).put((byte) id.keyLength());
      id.putKey(buffer);
      buffer.position(at + RECORD);
    }

    private void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      buffer.clear();
    }

    void end() throws IOException {
      if (end < size) {
        throw new DamagedException(
            "object %s: expected %d bytes for the volume, found %d".formatted(object, size, end));
      }
      flush();
    }
  }

  /// What is at an offset, which must be in the volume.
  Piece at(long offset) {
    long low = 0;
    long high = count - 1;
    while (low < high) {
      long middle = (low + high + 1) >>> 1;
      if (start(middle) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    long start = start(low);
    long runEnd = low + 1 < count ? start(low + 1) : size;
    long length = records.get(LONG, low * RECORD + 8);
    if (length == 0) {
      return new Piece(start, runEnd, runEnd - start, null);
    }
    long first = start + (offset - start) / length * length;
    return new Piece(first, Math.min(first + length, runEnd), length, source(low));
  }

  private long start(long record) {
    return records.get(LONG, record * RECORD);
  }

  private ObjectId source(long record) {
    byte[] bytes = records.asSlice(record * RECORD, RECORD).toArray(ValueLayout.JAVA_BYTE);
    return new ObjectId(0, bytes[16] != 0, ContentId.ofKey(bytes, KEY, bytes[17]));
  }

  @Override
  public void close() {
    arena.close();
  }
}
