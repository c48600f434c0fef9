package dev.longshore.engine.block.restore;

/// A part of a volume that the repository does not give back; the target keeps there what it held.
///
/// @param reason names the content
public record UnreadableRange(long offset, long length, String reason) {}
