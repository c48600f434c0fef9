package dev.longshore.engine.sync;

/// What comparing source and destination has found.
///
/// @param sourceBlobs all of the source
/// @param copyBlobs missing in the destination, of another length there, or older
/// @param deleteBlobs only in the destination; 0 unless they are to be deleted
/// @param inSyncBlobs in both
public record SyncPlan(
    long sourceBlobs,
    long sourceBytes,
    long copyBlobs,
    long copyBytes,
    long deleteBlobs,
    long deleteBytes,
    long inSyncBlobs,
    long inSyncBytes) {}
