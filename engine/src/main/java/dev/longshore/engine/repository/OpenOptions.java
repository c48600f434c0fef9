package dev.longshore.engine.repository;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// What opening a repository needs from its surroundings.
///
/// @param clock times of contents, manifests and sessions
/// @param random nonces, pack names, session and manifest ids
/// @param caching what copies of blobs may be kept where
/// @param pastCache read packs, index blobs and lists from the store only, and keep nothing of them
/// @param upgradeOwnerId who holds the repository's upgrade lock, if it is this client
/// @param ignoreMalformedManifests leave out manifest contents that cannot be read, with a warning,
///   rather than refuse
/// @param passOverDamagedIndex open although index blobs cannot be read, to recover them; contents
///   that only they name seem to be missing
/// @param warnings receives sentences for the user
public record OpenOptions(
    Clock clock,
    SecureRandom random,
    CachingOptions caching,
    boolean pastCache,
    Optional<String> upgradeOwnerId,
    boolean ignoreMalformedManifests,
    boolean passOverDamagedIndex,
    Consumer<String> warnings) {
  /// No cache, no lock held, malformed manifests refused, warnings dropped.
  public static OpenOptions of(Clock clock, SecureRandom random) {
    return new OpenOptions(
        clock, random, CachingOptions.OFF, false, Optional.empty(), false, false, warning -> {});
  }

  /// A copy with another cache.
  public OpenOptions withCaching(CachingOptions other) {
    return new OpenOptions(
        clock,
        random,
        other,
        pastCache,
        upgradeOwnerId,
        ignoreMalformedManifests,
        passOverDamagedIndex,
        warnings);
  }
}
