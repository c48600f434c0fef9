package dev.longshore.engine.block;

import dev.longshore.engine.block.device.BlockDevice;
import dev.longshore.engine.concurrent.WorkThreads;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriters;
import dev.longshore.engine.object.PendingObject;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads the blocks that are wanted, several at once and ahead of whoever takes them, and stores
/// them. Holes are not read, and zeros are not hashed: their block is stored once.
///
/// Memory: a MiB for each reader, and what waits to be hashed, within the budget of the writers.
/// One thread only, besides the readers.
final class BlockReads implements AutoCloseable {
  /// Blocks that are begun before the first of them is taken.
  private static final int WINDOW = 128;

  private static final int BLOCK = BlockMap.BLOCK_BYTES;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(BLOCK).asReadOnlyBuffer();
  private static final PendingObject ALL_ZERO =
      () -> {
        throw new IllegalStateException("zeros have no object of their own");
      };

  private final BlockSource source;
  private final BlockMap wanted;
  private final ObjectWriters writers;
  private final ObjectOptions options;
  private final ExecutorService threads;
  private final BlockingQueue<ByteBuffer> buffers;
  private final Deque<Begun> begun = new ArrayDeque<>();
  private @Nullable ObjectId zero;
  private int next;
  // What is known of the place that was asked about last.
  private long holeEnd;
  private long dataEnd;

  private record Begun(int block, Future<PendingObject> object) {}

  /// @param wanted blocks that will be taken, from `first` on
  BlockReads(
      BlockSource source, BlockMap wanted, int first, ObjectWriters writers, Settings settings) {
    this.source = source;
    this.wanted = wanted;
    this.next = first;
    this.writers = writers;
    this.options = settings.options;
    this.threads = Executors.newFixedThreadPool(settings.readers, WorkThreads.named("block-read"));
    this.buffers = new ArrayBlockingQueue<>(settings.readers + 1);
    for (int i = 0; i <= settings.readers; i++) {
      buffers.add(BlockDevice.buffer(BLOCK));
    }
  }

  /// @param options of a block's object
  /// @param readers threads that read
  record Settings(ObjectOptions options, int readers) {}

  /// The object of a wanted block; they are taken in ascending order, none left out.
  ObjectId take(int block) throws IOException {
    fill();
    Begun head = begun.remove();
    if (head.block != block) {
      throw new IllegalStateException("block " + block + " instead of " + head.block);
    }
    return object(await(head.object));
  }

  /// The object of a block that is not wanted otherwise, read by this thread.
  ObjectId readNow(int block) throws IOException {
    return object(read(block));
  }

  /// The object of a block of zeros.
  ObjectId zero() throws IOException {
    ObjectId known = zero;
    if (known == null) {
      known = writers.submit(options, ZEROS.duplicate()).await();
      zero = known;
    }
    return known;
  }

  /// Tells whether an object is that of a block of zeros, as far as one was met.
  boolean isZero(ObjectId object) {
    return object.equals(zero);
  }

  private ObjectId object(PendingObject read) throws IOException {
    return read.equals(ALL_ZERO) ? zero() : read.await();
  }

  private void fill() throws IOException {
    while (begun.size() < WINDOW) {
      int block = wanted.nextMarked(next);
      if (block < 0) {
        return;
      }
      next = block + 1;
      begun.add(
          new Begun(
              block,
              isHole(block)
                  ? CompletableFuture.completedFuture(ALL_ZERO)
                  : threads.submit(() -> read(block))));
    }
  }

  private boolean isHole(int block) throws IOException {
    long start = (long) block * BLOCK;
    long end = Math.min(start + BLOCK, source.size());
    if (start < dataEnd) {
      return false;
    }
    if (end > holeEnd) {
      holeEnd = source.nextData(start);
    }
    if (end <= holeEnd) {
      return true;
    }
    dataEnd = source.nextHole(holeEnd);
    return false;
  }

  private PendingObject read(int block) throws IOException {
    long start = (long) block * BLOCK;
    int length = (int) Math.min(BLOCK, source.size() - start);
    ByteBuffer buffer = takeBuffer();
    try {
      source.read(buffer.clear().limit(length), start);
      if (buffer.flip().mismatch(ZEROS.duplicate().limit(length)) < 0) {
        return ALL_ZERO;
      }
      buffer.limit(BLOCK).position(length);
      buffer.put(ZEROS.duplicate().limit(BLOCK - length));
      return writers.submit(options, buffer.flip());
    } finally {
      buffers.add(buffer);
    }
  }

  private ByteBuffer takeBuffer() throws IOException {
    try {
      return buffers.take();
    } catch (InterruptedException e) {
      throw Faults.interrupted("read blocks", e);
    }
  }

  private static PendingObject await(Future<PendingObject> read) throws IOException {
    try {
      return read.get();
    } catch (InterruptedException e) {
      throw Faults.interrupted("read blocks", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException fault -> throw fault;
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /// Drops what nobody took, and waits for reads under way: afterwards the source may be closed.
  @Override
  public void close() {
    begun.forEach(read -> read.object.cancel(false));
    begun.clear();
    threads.shutdown();
    boolean interrupted = false;
    while (true) {
      try {
        if (threads.awaitTermination(1, TimeUnit.DAYS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
