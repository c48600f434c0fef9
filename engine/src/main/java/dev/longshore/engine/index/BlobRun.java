package dev.longshore.engine.index;

import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexRow;
import dev.longshore.format.index.IndexScan;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The entries of an index blob whose plain bytes are in a file.
final class BlobRun implements Run {
  private static final int MAX_NAME = 255;

  private final BlobId blob;
  private final IndexScan scan;
  private final IndexRow row;
  private long position = -1;

  /// @param file the plain bytes; not closed by this
  BlobRun(BlobId blob, FileChannel file) throws RepositoryException {
    this.blob = blob;
    try {
      this.scan = IndexScan.open(new Plain(file, file.size()));
    } catch (IOException e) {
      throw fault(e);
    }
    this.row = new IndexRow(scan.size() == 0 ? 2 : scan.keyLength());
  }

  private record Plain(FileChannel file, long size) implements IndexScan.Bytes {
    @Override
    public void read(long position, byte[] into, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, length);
      while (buffer.hasRemaining()) {
        long at = position + buffer.position() - offset;
        if (file.read(buffer, at) < 0) {
          throw new EOFException("ends at " + at);
        }
      }
    }
  }

  private RepositoryException fault(IOException e) {
    return e instanceof FormatException
        ? Faults.unreadable("index blob " + blob, e)
        : LocalFaults.of("read the copy of index blob " + blob, e);
  }

  /// The length of the ids' binary form; 0 without entries.
  int keyLength() {
    return scan.size() == 0 ? 0 : scan.keyLength();
  }

  @Override
  public boolean next() throws RepositoryException {
    try {
      position++;
      return scan.next(row);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public IndexRow row() {
    return row;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public int packCount() {
    return scan.packCount();
  }

  @Override
  public BlobId pack(int number) throws RepositoryException {
    try {
      return scan.pack(number);
    } catch (IOException e) {
      throw fault(e);
    }
  }

  @Override
  public int longestPackName() throws RepositoryException {
    int longest = 0;
    for (int i = 0; i < packCount() && longest < MAX_NAME; i++) {
      longest = Math.max(longest, pack(i).value().length());
    }
    return longest;
  }
}
