package dev.longshore.engine.blob.remote;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Pieces of memory that drafts use one after another, so that their pages are there already and
/// nothing is left for the garbage collector. Safe for use by many threads.
final class DraftMemory {
  static final int PIECE_BYTES = 1 << 20;

  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private long left;

  /// @param bytes what all pieces together may take
  DraftMemory(long bytes) {
    this.left = bytes / PIECE_BYTES;
  }

  /// A piece with anything in it, or null if all are in use.
  synchronized byte @Nullable [] take() {
    byte[] used = free.poll();
    if (used != null || left == 0) {
      return used;
    }
    left--;
    return new byte[PIECE_BYTES];
  }

  synchronized void giveBack(byte[] piece) {
    free.push(piece);
  }
}
