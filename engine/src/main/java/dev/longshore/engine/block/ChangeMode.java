package dev.longshore.engine.block;

import java.util.Optional;

/// How a backup of a block device decided which blocks to read, from the cheapest to the dearest.
/// Every step down the ladder has a reason, see [ChangeReport].
public enum ChangeMode {
  /// Only blocks that a list of changes since the parent names; all others are the parent's.
  DELTA("delta"),
  /// Only blocks that a list of what is allocated names; all others are zeros. No parent.
  ALLOCATED("allocated"),
  /// Everything is read and compared with the parent's list by hash; only what differs is stored.
  HASH_COMPARE("hash-compare"),
  /// Everything is read. No parent.
  FULL("full");

  private final String text;

  ChangeMode(String text) {
    this.text = text;
  }

  /// The name in tags, reports and messages; never changes.
  public String text() {
    return text;
  }

  /// The mode of a name; empty for names that are none.
  public static Optional<ChangeMode> of(String text) {
    for (ChangeMode mode : values()) {
      if (mode.text.equals(text)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
