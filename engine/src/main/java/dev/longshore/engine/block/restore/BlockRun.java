package dev.longshore.engine.block.restore;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ContentCheck;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.Faults;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.Chunk;
import dev.longshore.engine.fetch.ChunkFetch;
import dev.longshore.engine.fetch.ChunkQueue;
import dev.longshore.engine.fetch.FetchOptions;
import dev.longshore.engine.object.ObjectReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// One restore of a volume: goes through its list of pieces, and sees to each.
///
/// Pieces that are to be read are queued until there are so many that the order of the packs pays.
/// Zeros are gathered to long ranges, which other threads make, as they do the comparing.
final class BlockRun implements AutoCloseable {
  /// A longer range of zeros is shared among the threads.
  private static final long MAX_ZERO_RANGE = 1L << 30;

  private final ObjectReader objects;
  private final BlockSink sink;
  private final BlockRestoreOptions options;
  private final BlockTally tally;
  private final ZeroContents zeroContents;
  private final ChunkFetch<BlockVolume> fetch;
  private final ChunkQueue<BlockVolume> queue;
  private final TargetWork work;
  private final @Nullable TargetCompare compare;

  private boolean ended;
  private long zeroStart;
  private long zeroEnd;

  BlockRun(VolumeContents source, BlockSink sink, BlockRestoreOptions options, BlockTally tally) {
    this.objects = source.objects();
    this.sink = sink;
    this.options = options;
    this.tally = tally;
    this.zeroContents = new ZeroContents(source.namer());
    this.fetch =
        new ChunkFetch<>(
            source.contents(),
            new PieceWriter(sink, tally),
            new FetchOptions(options.parallel(), options.budgetBytes(), ContentCheck.AUTHENTIC));
    this.queue = new ChunkQueue<>(fetch, MemoryBudget.ofProcess().planBytes());
    this.work = new TargetWork(options.parallel(), tally);
    this.compare =
        options.inPlace() && !sink.isBlank() && sink instanceof DeviceSink target
            ? new TargetCompare(target.device(), source.namer())
            : null;
  }

  /// Restores all of the volume, or until something ends it.
  void run(BlockVolume volume) throws IOException {
    try {
      plan(volume);
      work.join();
      queue.flush();
      ended = true;
    } catch (InterruptedException e) {
      tally.stop();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the restore was interrupted");
    } catch (StoppedException e) {
      // The tally knows why.
    }
  }

  /// Ends the walk through the list; never leaves this class.
  private static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super(null, null, false, false);
    }
  }

  private void plan(BlockVolume volume) throws RepositoryException, InterruptedException {
    long size = volume.sizeBytes();
    long[] end = new long[1];
    objects.forEachChunk(
        volume.objectId(),
        (start, length, source) -> {
          if (start != end[0] || length < 0 || start > Long.MAX_VALUE - length) {
            throw new DamagedException(
                "object %s: expected its next piece at %d, found %d+%d"
                    .formatted(volume.objectId(), end[0], start, length));
          }
          end[0] = start + length;
          if (start < size && length > 0) {
            try {
              piece(new Chunk<>(volume, start, length, source), Math.min(length, size - start));
            } catch (InterruptedException e) {
              throw Faults.interrupted("restore", e);
            }
          }
        });
    if (end[0] < size) {
      throw new DamagedException(
          "object %s: expected %d bytes for the volume, found %d"
              .formatted(volume.objectId(), size, end[0]));
    }
    endZeros();
    surplus(size);
  }

  /// @param within how many bytes of the piece are in the volume
  private void piece(Chunk<BlockVolume> chunk, long within) throws InterruptedException {
    if (tally.stopped()) {
      throw new StoppedException();
    }
    boolean zeros = zeroContents.has(chunk.length(), chunk.source());
    if (!options.filter().wants(chunk.start(), within)) {
      endZeros();
      tally.unchanged.add(within);
    } else if (zeros) {
      zeros(chunk.start(), within);
    } else {
      endZeros();
      data(chunk, within);
    }
  }

  private void data(Chunk<BlockVolume> chunk, long within) throws InterruptedException {
    TargetCompare known = compare;
    if (known == null) {
      queue.add(chunk);
      return;
    }
    work.run(() -> {
      if (known.holds(chunk.source(), chunk.start(), chunk.length(), within)) {
        tally.unchanged.add(within);
        tally.progress();
      } else {
        queue.add(chunk);
      }
    });
  }

  private void zeros(long start, long length) throws InterruptedException {
    if (start != zeroEnd || zeroEnd - zeroStart >= MAX_ZERO_RANGE) {
      endZeros();
      zeroStart = start;
    }
    zeroEnd = start + length;
  }

  private void endZeros() throws InterruptedException {
    long start = zeroStart;
    long end = zeroEnd;
    zeroStart = end;
    if (start == end) {
      return;
    }
    if (sink.isBlank()) {
      tally.zeros.add(end - start);
      tally.progress();
      return;
    }
    work.run(() -> {
      makeZero(start, end);
      tally.zeros.add(end - start);
      tally.progress();
    });
  }

  private void makeZero(long start, long end) throws IOException {
    if (compare == null) {
      sink.zero(start, end - start);
    } else {
      compare.notZero(start, end, sink::zero);
    }
  }

  private void surplus(long size) throws InterruptedException {
    if (options.surplus() != Surplus.ZERO || !(sink instanceof DeviceSink target)) {
      return;
    }
    long end = target.device().size();
    for (long at = size; at < end; at += MAX_ZERO_RANGE) {
      long from = at;
      long to = Math.min(end, at + MAX_ZERO_RANGE);
      work.run(() -> makeZero(from, to));
    }
  }

  /// Ends the threads; what is still to be done is not.
  @Override
  public void close() {
    if (!ended) {
      tally.stop();
    }
    work.close();
    fetch.close();
  }
}
