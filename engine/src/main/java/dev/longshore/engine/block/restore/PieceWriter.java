package dev.longshore.engine.block.restore;

import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.content.ByteSpan;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.Chunk;
import dev.longshore.engine.fetch.ChunkReceiver;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Writes contents to every place of the volume that holds them.
final class PieceWriter implements ChunkReceiver<BlockVolume> {
  private static final int BUFFER_BYTES = 1 << 20;

  /// Shorter zeros are cheaper to write than to leave out.
  private static final int MIN_ZEROS = 64 << 10;

  private static final byte[] ZEROS = new byte[MIN_ZEROS];

  private final long size;
  private final BlockSink sink;
  private final BlockTally tally;
  private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

  /// What contents have beyond the volume's size is not written.
  PieceWriter(BlockSink sink, BlockTally tally) {
    this.size = tally.sizeBytes();
    this.sink = sink;
    this.tally = tally;
  }

  @Override
  public boolean takesUnread(ContentId id, List<Chunk<BlockVolume>> chunks) {
    return false;
  }

  @Override
  public boolean stopped() {
    return tally.stopped();
  }

  @Override
  public void received(ContentId id, ByteSpan content, List<Chunk<BlockVolume>> chunks) {
    for (Chunk<BlockVolume> chunk : chunks) {
      if (tally.stopped()) {
        return;
      }
      try {
        place(chunk, chunk.plain(content));
      } catch (RepositoryException e) {
        failed(List.of(chunk), e);
      } catch (IOException e) {
        tally.fail(e);
      }
    }
    tally.progress();
  }

  @Override
  public void failed(List<Chunk<BlockVolume>> chunks, RepositoryException fault) {
    if (!tally.stopped()) {
      for (Chunk<BlockVolume> chunk : chunks) {
        long length = Math.min(chunk.length(), size - chunk.start());
        String reason = String.valueOf(fault.getMessage());
        tally.unreadable(new UnreadableRange(chunk.start(), length, reason));
      }
    }
  }

  private void place(Chunk<BlockVolume> chunk, ByteSpan plain) throws IOException {
    int length = (int) Math.min(plain.length(), size - chunk.start());
    if (length >= MIN_ZEROS && isZero(plain.bytes(), plain.offset(), length)) {
      sink.zero(chunk.start(), length);
      tally.zeros.add(length);
      return;
    }
    ByteBuffer pooled = buffers.poll();
    ByteBuffer buffer = pooled == null ? BlockDevice.buffer(BUFFER_BYTES) : pooled;
    try {
      write(plain.bytes(), plain.offset(), length, chunk.start(), buffer);
    } finally {
      buffers.add(buffer);
    }
    tally.written.add(length);
  }

  private void write(byte[] bytes, int offset, int length, long start, ByteBuffer buffer)
      throws IOException {
    for (int done = 0; done < length; ) {
      long at = start + done;
      long boundary = BlockDevice.nextBoundary(at);
      long most = boundary == at ? BUFFER_BYTES : boundary - at;
      int n = (int) Math.min(most, length - done);
      if (sink.isBlank()) {
        n = dataBytes(bytes, offset + done, n);
        if (n == 0) {
          done += MIN_ZEROS;
          continue;
        }
      }
      sink.write(buffer.clear().put(bytes, offset + done, n).flip(), at);
      done += n;
    }
  }

  /// How many bytes there are before zeros that are worth leaving out.
  private static int dataBytes(byte[] bytes, int from, int length) {
    int data = 0;
    while (length - data >= MIN_ZEROS) {
      if (isZero(bytes, from + data, MIN_ZEROS)) {
        return data;
      }
      data += MIN_ZEROS;
    }
    return length;
  }

  private static boolean isZero(byte[] bytes, int from, int length) {
    for (int done = 0; done < length; ) {
      int n = Math.min(ZEROS.length, length - done);
      if (!Arrays.equals(bytes, from + done, from + done + n, ZEROS, 0, n)) {
        return false;
      }
      done += n;
    }
    return true;
  }
}
