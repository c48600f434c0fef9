package dev.longshore.cbt;

import dev.longshore.engine.block.BlockMap;
import dev.longshore.engine.block.ChangeMode;
import dev.longshore.engine.block.ChangeReport;
import dev.longshore.kube.Pace;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Finds out which blocks a backup has to read, as few as can be told for certain: those that
/// changed since the parent; else those that hold anything; else all. Why it is not fewer is
/// reported.
///
/// For one thread.
public final class ChangeSearch {
  private final String namespace;
  private final String snapshot;
  private final BooleanSupplier cancelled;
  private final Optional<SnapshotMetadata> metadata;
  private final String absence;

  /// What a delta begins with.
  ///
  /// @param changeId the storage's own name of the snapshot that the parent was made from; empty if
  ///   there is none
  /// @param reason why there is none, in words
  /// @param deviceBytes the size that the device had; what has been added since counts as changed
  /// @param hasParent whether there is a parent all the same, whose blocks can be compared by hash
  public record Base(String changeId, String reason, long deviceBytes, boolean hasParent) {
    /// A backup that begins anew, as it was wished.
    public static final Base NOT_WANTED = new Base("", "", 0, false);
  }

  /// What was found.
  ///
  /// @param blocks to read; all others are the parent's in [ChangeMode#DELTA], and zeros in
  ///   [ChangeMode#ALLOCATED]
  public record Found(ChangeReport report, BlockMap blocks) {}

  private ChangeSearch(
      String namespace,
      String snapshot,
      BooleanSupplier cancelled,
      Optional<SnapshotMetadata> metadata,
      String absence) {
    this.namespace = namespace;
    this.snapshot = snapshot;
    this.cancelled = cancelled;
    this.metadata = metadata;
    this.absence = absence;
  }

  /// A search that asks a service.
  ///
  /// @param snapshot the name of the VolumeSnapshot that is backed up, in the namespace
  public static ChangeSearch in(
      String namespace,
      String snapshot,
      MetadataCalls calls,
      TokenSource tokens,
      Pace pace,
      BooleanSupplier cancelled) {
    return new ChangeSearch(
        namespace,
        snapshot,
        cancelled,
        Optional.of(new SnapshotMetadata(calls, tokens, pace, cancelled)),
        "");
  }

  /// A search where there is nobody to ask.
  ///
  /// @param reason why, in words
  public static ChangeSearch without(String reason) {
    return new ChangeSearch("", "", () -> false, Optional.empty(), reason);
  }

  /// Searches. When it is cancelled, what it returns is worth nothing.
  ///
  /// @param deviceBytes the size of the device that is backed up
  public Found find(long deviceBytes, Base base) throws InterruptedException {
    ChangeReport report = ChangeReport.of(ChangeMode.DELTA);
    if (metadata.isEmpty()) {
      return everything(deviceBytes, base, report, absence);
    }
    if (!base.changeId().isEmpty()) {
      BlockMap changed = BlockMap.none(deviceBytes);
      if (base.deviceBytes() < deviceBytes) {
        changed.mark(base.deviceBytes(), deviceBytes - base.deviceBytes());
      }
      try {
        MetadataQuery delta = new MetadataQuery.Delta(namespace, base.changeId(), snapshot);
        var _ = metadata.get().read(delta, deviceBytes, changed::mark);
        return new Found(report, changed);
      } catch (MetadataException e) {
        report =
            new ChangeReport(ChangeMode.ALLOCATED, "no list of changes: " + words(e), e.code());
      }
    } else {
      report = new ChangeReport(ChangeMode.ALLOCATED, base.reason(), "");
    }
    if (cancelled.getAsBoolean()) {
      return everything(deviceBytes, base, report, "canceled");
    }
    BlockMap allocated = BlockMap.none(deviceBytes);
    try {
      MetadataQuery query = new MetadataQuery.Allocated(namespace, snapshot);
      var _ = metadata.get().read(query, deviceBytes, allocated::mark);
      return new Found(report, allocated);
    } catch (MetadataException e) {
      ChangeReport coded =
          report.code().isEmpty()
              ? new ChangeReport(report.mode(), report.reason(), e.code())
              : report;
      return everything(deviceBytes, base, coded, "no list of what is allocated: " + words(e));
    }
  }

  private static Found everything(long deviceBytes, Base base, ChangeReport report, String reason) {
    ChangeMode mode = base.hasParent() ? ChangeMode.HASH_COMPARE : ChangeMode.FULL;
    return new Found(report.fallTo(mode, reason), BlockMap.all(deviceBytes));
  }

  private static String words(MetadataException e) {
    String message = e.getMessage();
    return message == null || message.isEmpty() ? e.code() : e.code() + ": " + message;
  }
}
