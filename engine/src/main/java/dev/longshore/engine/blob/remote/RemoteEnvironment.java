package dev.longshore.engine.blob.remote;

import dev.longshore.engine.blob.Retrier;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/// What a store behind a network needs from its surroundings.
///
/// @param clock for signatures and for the ends of locks
/// @param retrier tries again what a caller cannot, as the later pages of a list
/// @param draftFolder where packs grow until they are sent; empty for memory
public record RemoteEnvironment(
    Clock clock, Retrier retrier, Optional<Path> draftFolder, Timeouts timeouts) {}
