package dev.longshore.engine.object;

import dev.longshore.format.id.ObjectId;
import java.util.concurrent.CompletableFuture;

/// A chunk that waits to be written, and will be an object.
///
/// @param buffer the task's own; without an array for zeros, which need none yet
record ChunkTask(
    ObjectOptions options, ChunkBuffer buffer, int length, CompletableFuture<ObjectId> id) {
  boolean isZeros() {
    return data().length == 0 && length > 0;
  }

  byte[] data() {
    return buffer.array();
  }
}
