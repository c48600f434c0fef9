package dev.longshore.cbt;

import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.BlockParent;
import dev.longshore.engine.block.ChangeTracker;

/// Asks the snapshot metadata service of a driver which blocks of a snapshot hold anything, or have
/// changed. An answer is a whole one, checked to its end, or none.
///
/// For one thread.
public final class SnapshotTracker implements ChangeTracker {
  private final SnapshotMetadata metadata;
  private final String namespace;
  private final String snapshot;

  /// @param snapshot the VolumeSnapshot that is backed up, in the namespace
  public SnapshotTracker(SnapshotMetadata metadata, String namespace, String snapshot) {
    this.metadata = metadata;
    this.namespace = namespace;
    this.snapshot = snapshot;
  }

  /// A tracker that knows nothing.
  ///
  /// @param reason why, in words
  public static ChangeTracker knowsNothing(String reason) {
    return new ChangeTracker() {
      @Override
      public Answer changedSince(BlockParent parent, long deviceBytes) {
        return Answer.failed("", "");
      }

      @Override
      public Answer allocated(long deviceBytes) {
        return Answer.failed(reason, "");
      }
    };
  }

  @Override
  public Answer changedSince(BlockParent parent, long deviceBytes) {
    String base = parent.changeId();
    if (base.isEmpty()) {
      return Answer.failed("the parent does not say which storage snapshot it was made from", "");
    }
    if (parent.volumeId().isEmpty()) {
      return Answer.failed("the parent does not say which volume it is of", "");
    }
    return ask(
        new MetadataQuery.Delta(namespace, base, snapshot), deviceBytes, "no list of changes: ");
  }

  @Override
  public Answer allocated(long deviceBytes) {
    return ask(
        new MetadataQuery.Allocated(namespace, snapshot),
        deviceBytes,
        "no list of what is allocated: ");
  }

  private Answer ask(MetadataQuery query, long deviceBytes, String failure) {
    BlockMap blocks = BlockMap.none(deviceBytes);
    try {
      var _ = metadata.read(query, deviceBytes, blocks::mark);
      return Answer.of(blocks);
    } catch (MetadataException e) {
      String message = e.getMessage();
      boolean isPlain = message == null || message.isEmpty();
      return Answer.failed(failure + e.code() + (isPlain ? "" : ": " + message), e.code());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.failed(failure + "interrupted", "");
    }
  }
}
