package dev.longshore.engine.repository;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// What opening a repository needs from its surroundings.
///
/// @param clock times of contents, manifests and sessions
/// @param random nonces, pack names, session and manifest ids
/// @param cacheDirectory where copies of blobs may be kept; empty for nowhere
/// @param upgradeOwnerId who holds the repository's upgrade lock, if it is this client
/// @param ignoreMalformedManifests leave out manifest contents that cannot be read, with a warning,
///   rather than refuse
/// @param passOverDamagedIndex open although index blobs cannot be read, to recover them; contents
///   that only they name seem to be missing
/// @param warnings receives sentences for the user
public record OpenOptions(
    Clock clock,
    SecureRandom random,
    Optional<Path> cacheDirectory,
    Optional<String> upgradeOwnerId,
    boolean ignoreMalformedManifests,
    boolean passOverDamagedIndex,
    Consumer<String> warnings) {
  /// No cache, no lock held, malformed manifests refused, warnings dropped.
  public static OpenOptions of(Clock clock, SecureRandom random) {
    return new OpenOptions(
        clock, random, Optional.empty(), Optional.empty(), false, false, warning -> {});
  }

  /// A copy with another cache directory, or none.
  public OpenOptions withCacheDirectory(Optional<Path> directory) {
    return new OpenOptions(
        clock,
        random,
        directory,
        upgradeOwnerId,
        ignoreMalformedManifests,
        passOverDamagedIndex,
        warnings);
  }
}
