package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/// Writes a volume to a qcow2 file. Its data go to their final place at once, in any order; the
/// header comes last, so that an unfinished file is none.
final class Qcow2Sink implements BlockSink {
  private static final int BUFFER_BYTES = 1 << 20;

  private final BlockDevice file;
  private final Qcow2Layout layout;

  /// @param file as long as the layout says, all holes; the sink's from now on
  Qcow2Sink(BlockDevice file, Qcow2Layout layout) {
    this.file = file;
    this.layout = layout;
  }

  /// Goes through a volume's pieces to find where it will have bytes.
  static Qcow2Layout plan(BlockVolume volume, VolumeContents source) throws RepositoryException {
    BitSet clusters = new BitSet();
    ZeroContents zeros = new ZeroContents(source.namer());
    long size = volume.sizeBytes();
    int bits = Qcow2Layout.clusterBits(size);
    source
        .objects()
        .forEachChunk(
            volume.objectId(),
            (start, length, object) -> mark(clusters, bits, size, start, length, object, zeros));
    return new Qcow2Layout(size, clusters);
  }

  private static void mark(
      BitSet clusters,
      int bits,
      long size,
      long start,
      long length,
      ObjectId object,
      ZeroContents zeros) { // a piece of the walk, and what it changes
    if (start < 0 || start >= size || length <= 0) {
      return; // whoever restores it says what is wrong
    }
    if (!zeros.has(length, object)) {
      long end = start + Math.min(length, size - start);
      clusters.set((int) (start >> bits), (int) ((end - 1) >> bits) + 1);
    }
  }

  @Override
  public boolean isBlank() {
    return true;
  }

  @Override
  public void write(ByteBuffer bytes, long position) throws IOException {
    file.write(bytes, layout.placeOf(position));
  }

  @Override
  public void zero(long offset, long length) {
    // It is so.
  }

  @Override
  public void finish() throws IOException {
    TableWriter tables = new TableWriter();
    layout.tables(tables::put);
    tables.flush();
    file.flush();
    byte[] header = layout.header();
    file.write(BlockDevice.buffer(header.length).put(header).flip(), 0);
    file.flush();
  }

  private final class TableWriter {
    private final ByteBuffer buffer = BlockDevice.buffer(BUFFER_BYTES);
    private long place = layout.tablesPlace();

    void put(long entry) throws IOException {
      buffer.putLong(entry);
      if (!buffer.hasRemaining()) {
        flush();
      }
    }

    void flush() throws IOException {
      int n = buffer.flip().remaining();
      file.write(buffer, place);
      place += n;
      buffer.clear();
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
