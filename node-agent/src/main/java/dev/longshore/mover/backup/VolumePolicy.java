package dev.longshore.mover.backup;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.policy.CompressionPolicy;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.policy.UploadPolicy;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import java.util.Optional;

/// The policy that Velero's uploader writes for each volume: keep all, do not compress, only on
/// request, pass over what is neither file, directory nor link, large files in parts.
///
/// Source: Velero 1.18 `pkg/uploader/kopia/snapshot.go`.
final class VolumePolicy {
  /// Kopia's word for all of them.
  private static final Long ALL = (long) Integer.MAX_VALUE;

  private static final Long PARTS_ABOVE_BYTES = 2L << 30;

  private VolumePolicy() {}

  /// Writes the policy unless it is there.
  ///
  /// @param parallel files read at once
  static void ensure(RepositoryWriter writer, SourceInfo source, int parallel)
      throws RepositoryException {
    Policy wanted = policy(parallel);
    Optional<Policy> there = new Policies(writer.manifests()).defined(source);
    if (there.isEmpty() || !there.get().equals(wanted)) {
      var _ = Policies.set(writer.manifests(), source, wanted);
    }
  }

  private static Policy policy(int parallel) {
    Policy unset = Policy.UNSET;
    return new Policy(
        new RetentionPolicy(ALL, ALL, ALL, ALL, ALL, ALL, null),
        unset.files(),
        new ErrorHandlingPolicy(null, null, true),
        new SchedulingPolicy(0, List.of(), false, true, List.of(), null),
        new CompressionPolicy("none", List.of(), false, List.of(), false, 0, 0),
        unset.metadataCompressor(),
        unset.splitter(),
        unset.actions(),
        unset.volumeShadowCopy(),
        unset.logging(),
        new UploadPolicy(null, (long) parallel, PARTS_ABOVE_BYTES),
        unset.noParent());
  }
}
