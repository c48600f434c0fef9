package dev.longshore.engine.repository;

import java.time.Duration;
import java.util.Optional;

/// What a connection says of its client, as `repository.config` keeps it.
///
/// @param hostname lower case, up to the first dot
/// @param formatBlobCacheDuration how long a local copy of the format blob serves; negative for
///   never
public record ClientOptions(
    String hostname,
    String username,
    boolean readOnly,
    boolean permissiveCacheLoading,
    Optional<String> description,
    boolean enableActions,
    Duration formatBlobCacheDuration) {}
