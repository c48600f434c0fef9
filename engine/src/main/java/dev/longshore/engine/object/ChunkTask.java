package dev.longshore.engine.object;

import dev.longshore.engine.concurrent.ByteBudget;
import dev.longshore.format.id.ObjectId;
import java.util.concurrent.CompletableFuture;

/// A chunk that waits to be written, and will be an object.
///
/// @param buffer the task's own; empty for zeros, which need none yet
/// @param lease of the bytes it takes meanwhile
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record ChunkTask(
    ObjectOptions options,
    byte[] buffer,
    int length,
    ByteBudget.Lease lease,
    CompletableFuture<ObjectId> id) {
  boolean isZeros() {
    return buffer.length == 0 && length > 0;
  }
}
