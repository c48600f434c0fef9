package dev.longshore.format.seal;

/// The local index of a pack, ready to be put in it.
///
/// @param iv the full hash of the plain index, for the postamble
/// @param bytes the sealed bytes; the receiver's own
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record SealedLocalIndex(byte[] iv, byte[] bytes) {}
