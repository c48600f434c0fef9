package dev.longshore.engine.sync;

/// What a copy has done.
///
/// @param copiedBlobs written to the destination
/// @param replacedBlobs of these, those that were there with other bytes although neither length
///   nor time told ([SyncCheck#ALL])
/// @param deletedBlobs deleted from the destination
public record SyncResult(
    long copiedBlobs, long copiedBytes, long replacedBlobs, long deletedBlobs) {}
