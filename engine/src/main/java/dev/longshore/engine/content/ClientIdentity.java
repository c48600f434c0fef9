package dev.longshore.engine.content;

/// Who writes: what session markers say.
///
/// @param hostName lower case, up to the first dot
public record ClientIdentity(String userName, String hostName) {}
