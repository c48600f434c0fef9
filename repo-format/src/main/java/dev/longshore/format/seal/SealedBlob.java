package dev.longshore.format.seal;

import dev.longshore.format.id.BlobId;

/// A blob ready to be stored.
///
/// @param id the name, made from the hash of the plain bytes
/// @param bytes the sealed bytes; the receiver's own
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record SealedBlob(BlobId id, byte[] bytes) {}
