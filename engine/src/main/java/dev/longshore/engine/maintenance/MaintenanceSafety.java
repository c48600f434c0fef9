package dev.longshore.engine.maintenance;

import java.time.Duration;

/// How long maintenance waits before it believes that no client needs something any more.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_safety.go`.
///
/// @param rewriteMinAge younger contents are not written anew
/// @param contentMinAge younger contents are not marked deleted: a snapshot that needs them may not
///   be published yet
/// @param betweenCollections two garbage collections must be this far apart for the first one's
///   tombstones to be final: by then every snapshot that was being made during the first is there,
///   and the second has revived what it needs
/// @param twoCollections two are needed at all
/// @param dropMargin tombstones this much older than the first collection are dropped
/// @param packMinAge younger packs are not deleted: their index may not be published yet
/// @param sessionExpiry packs of a session that was heard of since are not deleted
/// @param afterRewrite packs are not deleted so soon after contents were moved out of some: clients
///   may still have the index from before
/// @param listLag how long lists of a store may be out of date, for V0 index blobs
public record MaintenanceSafety(
    Duration rewriteMinAge,
    Duration contentMinAge,
    Duration betweenCollections,
    boolean twoCollections,
    Duration dropMargin,
    Duration packMinAge,
    Duration sessionExpiry,
    Duration afterRewrite,
    Duration listLag) {
  /// Safe while other clients write and read.
  public static final MaintenanceSafety FULL =
      new MaintenanceSafety(
          Duration.ofHours(2),
          Duration.ofHours(24),
          Duration.ofHours(4),
          true,
          Duration.ofHours(1),
          Duration.ofHours(24),
          Duration.ofHours(96),
          Duration.ofHours(1),
          Duration.ofHours(1));

  /// Safe only if no other client uses the repository, and the store's lists are up to date.
  public static final MaintenanceSafety NONE =
      new MaintenanceSafety(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          false,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);
}
