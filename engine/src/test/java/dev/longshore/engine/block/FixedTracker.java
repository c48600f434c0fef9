package dev.longshore.engine.block;

import java.util.Optional;

/// Answers what a test has prepared.
record FixedTracker(Optional<BlockMap> delta, Optional<BlockMap> used) implements ChangeTracker {
  static FixedTracker delta(BlockMap map) {
    return new FixedTracker(Optional.of(map), Optional.empty());
  }

  static FixedTracker allocated(BlockMap map) {
    return new FixedTracker(Optional.empty(), Optional.of(map));
  }

  static FixedTracker nothing() {
    return new FixedTracker(Optional.empty(), Optional.empty());
  }

  @Override
  public Answer changedSince(BlockParent parent, long deviceBytes) {
    return delta.map(Answer::of).orElseGet(() -> Answer.failed("no delta", "UNAVAILABLE"));
  }

  @Override
  public Answer allocated(long deviceBytes) {
    return used.map(Answer::of).orElseGet(() -> Answer.failed("no allocation", "UNIMPLEMENTED"));
  }
}
