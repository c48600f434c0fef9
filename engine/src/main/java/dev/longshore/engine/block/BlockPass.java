package dev.longshore.engine.block;

import dev.longshore.chunker.SplitterAlgorithm;
import dev.longshore.engine.block.UnusableListException.Which;
import dev.longshore.engine.content.ContentWriter;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectListWriter;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One pass over a device: block after block is read, copied from the parent, or zeros, and goes
/// into the new list. Ends with the list, or with the news that a list it relied on is wrong.
final class BlockPass implements AutoCloseable {
  private static final ObjectOptions LIST =
      new ObjectOptions(
          BlockLayout.LIST_PREFIX,
          Optional.of(Compression.ZSTD_FASTEST),
          Optional.empty(),
          SplitterAlgorithm.byName(BlockLayout.LIST_SPLITTER));

  private final ReadPlan plan;
  private final Guide guide;
  private final Optional<BlockCheckpoints.Part> resumed;
  private final BlockMap sample;
  private final RepositoryWriter writer;
  private final ObjectListWriter list;
  private final BlockReads reads;
  private final @Nullable CopiedBlocks parent;
  private final int parentBlocks;
  private final @Nullable CopiedBlocks part;
  private @Nullable ContentId soundId;
  private Instant lastCheckpoint;
  private long readBlocks;
  private long zeroBlocks;
  private long changedBlocks;
  private long sampledBlocks;
  private long repairedBlocks;

  /// What goes on around a pass.
  ///
  /// @param checkpoint saves a part of the device
  record Guide(
      BlockOptions options, BlockProgress progress, CancelToken cancel, Checkpoint checkpoint) {}

  /// Saves the first blocks of the device.
  @FunctionalInterface
  interface Checkpoint {
    void save(BlockCheckpoints.Part part) throws RepositoryException;
  }

  /// @param sample blocks that are read though the plan leaves them out
  /// @param resumed where to go on from
  BlockPass(
      RepositoryWriter writer,
      BlockSource source,
      ReadPlan plan,
      BlockMap sample,
      Optional<BlockCheckpoints.Part> resumed,
      Guide guide) {
    this.writer = writer;
    this.plan = plan;
    this.sample = sample;
    this.resumed = resumed;
    this.guide = guide;
    this.lastCheckpoint = writer.repository().clock().instant();
    ObjectReader objects = writer.objects();
    this.parent =
        plan.parent()
            .map(found -> new CopiedBlocks(objects, found.list(), Which.PARENT))
            .orElse(null);
    this.parentBlocks =
        plan.parent().map(found -> BlockMap.blockCount(found.deviceBytes())).orElse(0);
    this.part =
        resumed
            .map(found -> new CopiedBlocks(objects, found.list(), Which.CHECKPOINT))
            .orElse(null);
    this.list = writer.objectWriters().openList(LIST);
    BlockMap taken = plan.wanted().copy();
    taken.add(sample);
    this.reads =
        new BlockReads(
            source, taken, firstBlock(), writer.objectWriters(), settings(guide.options));
  }

  private BlockReads.Settings settings(BlockOptions options) {
    // In format 1 the object would be compressed rather than its content, and have another id.
    Optional<Compression> compression =
        writer.repository().format().supportsContentCompression()
            ? options.compression()
            : Optional.empty();
    return new BlockReads.Settings(
        new ObjectOptions(ContentId.NO_PREFIX, compression, Optional.empty(), Optional.empty()),
        options.readers());
  }

  private int firstBlock() {
    return resumed.map(BlockCheckpoints.Part::blocks).orElse(0);
  }

  /// The object of the whole device.
  ///
  /// @throws UnusableListException if a list proved wrong; what was read so far is stored
  /// @throws InterruptedIOException if cancelled, after a checkpoint
  ObjectId run() throws IOException {
    int count = plan.wanted().blockCount();
    int first = firstBlock();
    for (int block = 0; block < count; block++) {
      list.append(BlockMap.BLOCK_BYTES, block < first ? resumedBlock(block) : block(block));
      if (guide.cancel.isCancelled() && block + 1 < count) {
        checkpoint(block + 1);
        throw new InterruptedIOException(
            "cancelled after %d of %d blocks".formatted(block + 1, count));
      }
      if ((block & 63) == 63 || plan.wanted().isMarked(block)) {
        checkpointIfDue(block + 1);
      }
    }
    return list.result();
  }

  BlockResult.Counts counts() {
    return new BlockResult.Counts(
        plan.wanted().deviceBytes(),
        readBlocks,
        zeroBlocks,
        changedBlocks,
        sampledBlocks,
        repairedBlocks,
        firstBlock());
  }

  private ObjectId resumedBlock(int block) throws IOException {
    CopiedBlocks copied = part;
    if (copied == null) {
      throw new IllegalStateException("nothing to resume from");
    }
    ObjectId id = copied.at(block);
    if (!isSound(id)) {
      throw new UnusableListException(Which.CHECKPOINT, "blocks of it are gone");
    }
    return id;
  }

  private ObjectId block(int block) throws IOException {
    if (plan.wanted().isMarked(block)) {
      ObjectId id = reads.take(block);
      count(block, id);
      guide.progress.read(
          Math.min(
              BlockMap.BLOCK_BYTES,
              plan.wanted().deviceBytes() - (long) block * BlockMap.BLOCK_BYTES));
      return id;
    }
    ObjectId expected = before(block);
    if (sample.isMarked(block)) {
      sampledBlocks++;
      ObjectId found = reads.take(block);
      if (!found.equals(expected)) {
        throw new UnusableListException(
            Which.CHANGES,
            "the list of changes does not name block " + block + ", which has changed");
      }
      return found;
    }
    if (plan.parent().isPresent() && !isSound(expected)) {
      repairedBlocks++;
      return reads.readNow(block);
    }
    return expected;
  }

  private void count(int block, ObjectId id) throws IOException {
    readBlocks++;
    if (reads.isZero(id)) {
      zeroBlocks++;
    }
    // Without a parent the zeros need not be stored for the comparison alone.
    boolean changed =
        (parent == null || block >= parentBlocks) ? !reads.isZero(id) : !id.equals(before(block));
    if (changed) {
      changedBlocks++;
    }
  }

  /// What the block was in the parent; zeros where it had none.
  private ObjectId before(int block) throws IOException {
    CopiedBlocks copied = parent;
    return copied == null || block >= parentBlocks ? reads.zero() : copied.at(block);
  }

  /// Tells whether a block is in the repository: a parent may have lost some.
  private boolean isSound(ObjectId block) throws RepositoryException {
    ContentId id = block.contentId();
    if (Objects.equals(soundId, id)) {
      return true;
    }
    ContentWriter contents = writer.contents();
    boolean sound = contents.isSound(id);
    if (sound) {
      soundId = id;
    }
    return sound;
  }

  private void checkpointIfDue(int blocks) throws IOException {
    Instant now = writer.repository().clock().instant();
    if (Duration.between(lastCheckpoint, now).compareTo(guide.options.checkpointInterval()) >= 0) {
      checkpoint(blocks);
      lastCheckpoint = now;
      guide.progress.checkpointed();
    }
  }

  private void checkpoint(int blocks) throws RepositoryException {
    Optional<ObjectId> soFar = list.checkpoint();
    if (soFar.isPresent() && blocks > firstBlock()) {
      guide.checkpoint.save(new BlockCheckpoints.Part(blocks, soFar.get()));
    }
  }

  @Override
  public void close() {
    reads.close();
    list.close();
    if (parent != null) {
      parent.close();
    }
    if (part != null) {
      part.close();
    }
  }
}
