package dev.longshore.engine.source;

import dev.longshore.engine.posix.FileStatus;

/// A name that is there, but could not be looked at.
///
/// @param error what was tried, and what the system said
/// @param isDirectory the listing says it is a directory
public record SourceFault(String name, FileStatus status, String error, boolean isDirectory)
    implements SourceEntry {}
