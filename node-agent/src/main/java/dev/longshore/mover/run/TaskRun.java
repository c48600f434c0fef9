package dev.longshore.mover.run;

import dev.longshore.engine.snapshot.CancelToken;

/// What a task has at hand.
///
/// @param cancel tells it to stop
/// @param progress hears from it
public record TaskRun(
    MoverOptions options,
    Surroundings surroundings,
    MoverLog log,
    Progress progress,
    CancelToken cancel) {}
