package dev.longshore.engine.blob.remote;

import dev.longshore.engine.blob.Retrier;
import java.time.Clock;

/// What a store behind a network needs from its surroundings.
///
/// @param clock for signatures and for the ends of locks
/// @param retrier tries again what a caller cannot, as the later pages of a list
/// @param drafts where packs grow until they are sent
public record RemoteEnvironment(
    Clock clock, Retrier retrier, DraftSpace drafts, Timeouts timeouts) {}
