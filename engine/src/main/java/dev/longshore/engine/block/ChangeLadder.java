package dev.longshore.engine.block;

import dev.longshore.engine.block.ChangeTracker.Answer;
import java.util.Optional;

/// Chooses the cheapest way to a whole backup that can be trusted, and remembers why it was not a
/// cheaper one.
final class ChangeLadder {
  private final BlockRequest request;
  private final long deviceBytes;

  ChangeLadder(BlockRequest request, long deviceBytes) {
    this.request = request;
    this.deviceBytes = deviceBytes;
  }

  ReadPlan plan(ParentSearch.Found found) {
    Optional<BlockParent> parent = found.parent();
    ChangeReport report = ChangeReport.of(ChangeMode.DELTA);
    if (parent.isEmpty()) {
      report = report.fallTo(ChangeMode.ALLOCATED, found.reason());
    } else if (request.tracker().isPresent()) {
      String differs = difference(parent.get());
      Answer delta =
          differs.isEmpty()
              ? checked(request.tracker().get().changedSince(parent.get(), deviceBytes))
              : Answer.failed(differs, "");
      if (delta.blocks().isPresent()) {
        return new ReadPlan(report, whole(delta.blocks().get(), parent.get()), parent);
      }
      report = failed(report, ChangeMode.ALLOCATED, delta);
    }
    if (request.tracker().isPresent()) {
      Answer allocated = checked(request.tracker().get().allocated(deviceBytes));
      if (allocated.blocks().isPresent()) {
        return new ReadPlan(report, allocated.blocks().get(), Optional.empty());
      }
      report = failed(report, ChangeMode.HASH_COMPARE, allocated);
    } else if (parent.isPresent()) {
      report = report.fallTo(ChangeMode.HASH_COMPARE, "nobody tracks changes of this device");
    }
    ChangeMode last = parent.isPresent() ? ChangeMode.HASH_COMPARE : ChangeMode.FULL;
    return ReadPlan.everything(
        new ChangeReport(last, report.reason(), report.code()), deviceBytes, parent);
  }

  /// Why a list of changes since the parent would not be one of this device; empty if it would.
  private String difference(BlockParent parent) {
    String theirs = parent.volumeId();
    return theirs.equals(request.volumeId())
        ? ""
        : "the parent is of volume \"%s\", this is volume \"%s\""
            .formatted(theirs, request.volumeId());
  }

  private Answer checked(Answer answer) {
    Optional<BlockMap> blocks = answer.blocks();
    return blocks.isPresent() && blocks.get().deviceBytes() != deviceBytes
        ? Answer.failed(
            "the list is of a device of %d bytes, this one has %d"
                .formatted(blocks.get().deviceBytes(), deviceBytes),
            "")
        : answer;
  }

  private static ChangeReport failed(ChangeReport report, ChangeMode next, Answer answer) {
    ChangeReport fallen =
        answer.reason().isEmpty()
            ? new ChangeReport(next, report.reason(), report.code())
            : report.fallTo(next, answer.reason());
    // The code that came first is the one of the list that was wanted most.
    return report.code().isEmpty()
        ? new ChangeReport(fallen.mode(), fallen.reason(), answer.code())
        : fallen;
  }

  /// With what is read whatever the list says: a last block that is not whole, whose padding must
  /// be zeros, and where the device's end has moved, everything from there on. Not every storage
  /// lists what lies beyond the old end, or has it read as zeros.
  private BlockMap whole(BlockMap changed, BlockParent parent) {
    BlockMap map = changed.copy();
    long end = parent.deviceBytes();
    long from = deviceBytes;
    if (deviceBytes % BlockMap.BLOCK_BYTES != 0) {
      from = deviceBytes - 1;
    }
    if (end < deviceBytes) {
      from = Math.min(from, end);
    }
    map.mark(from, deviceBytes - from);
    return map;
  }
}
