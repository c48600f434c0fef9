package dev.longshore.engine.blob.remote;

import java.nio.file.Path;
import java.util.Optional;

/// Where drafts grow until they are sent.
///
/// @param folder takes what is beyond the memory; empty if all are to be in memory
/// @param memoryBytes for all drafts of a store together, if there is a folder
public record DraftSpace(Optional<Path> folder, long memoryBytes) {}
