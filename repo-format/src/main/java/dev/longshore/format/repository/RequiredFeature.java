package dev.longshore.format.repository;

import java.util.Set;

/// A feature that a client must understand to use the repository.
///
/// JSON: `{"feature":…,"ifNotUnderstood":{"warn":…,"message":…,"url":…,"upgradeToVersion":…}}`; the
/// last three are left out when empty.
///
/// Source: kopia 4ebb2be6c `internal/feature/feature.go`.
///
/// @param warnOnly a client without the feature may go on after a warning; otherwise it must refuse
/// @param message for the user, may be empty
/// @param url for the user, may be empty
/// @param upgradeToVersion the first kopia version with the feature, may be empty
public record RequiredFeature(
    String feature, boolean warnOnly, String message, String url, String upgradeToVersion) {
  /// The features this build understands.
  public static final Set<String> SUPPORTED = Set.of("index-v1", "index-v2");

  /// Tells whether this build understands the feature.
  public boolean isSupported() {
    return SUPPORTED.contains(feature);
  }
}
