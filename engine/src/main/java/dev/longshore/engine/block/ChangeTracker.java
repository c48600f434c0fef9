package dev.longshore.engine.block;

import java.util.Optional;

/// Who knows what changed on a volume, or what of it is in use: the storage, or a list in a file.
///
/// What it answers is believed for this very device, so an implementation checks ranges and sizes
/// before it answers, and answers with a failure rather than with a part of the truth.
public interface ChangeTracker {
  /// The blocks that may differ between a parent and what is read now.
  ///
  /// @param parent of the same volume
  /// @param deviceBytes size of what is read now
  Answer changedSince(BlockParent parent, long deviceBytes);

  /// The blocks that are in use; all others read as zeros.
  Answer allocated(long deviceBytes);

  /// Blocks, or why there are none.
  ///
  /// @param blocks of a device of exactly the asked size
  /// @param reason in words, if there are none
  /// @param code as in [ChangeReport#code]; may be empty
  record Answer(Optional<BlockMap> blocks, String reason, String code) {
    /// An answer.
    public static Answer of(BlockMap blocks) {
      return new Answer(Optional.of(blocks), "", "");
    }

    /// No answer.
    public static Answer failed(String reason, String code) {
      return new Answer(Optional.empty(), reason, code);
    }
  }
}
