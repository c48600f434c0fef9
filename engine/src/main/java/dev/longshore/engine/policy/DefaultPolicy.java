package dev.longshore.engine.policy;

import dev.longshore.format.policy.ActionsPolicy;
import dev.longshore.format.policy.CompressionPolicy;
import dev.longshore.format.policy.ErrorHandlingPolicy;
import dev.longshore.format.policy.FilesPolicy;
import dev.longshore.format.policy.LoggingPolicy;
import dev.longshore.format.policy.Policy;
import dev.longshore.format.policy.RetentionPolicy;
import dev.longshore.format.policy.SchedulingPolicy;
import dev.longshore.format.policy.UploadPolicy;
import java.util.List;

/// The settings where no policy says otherwise.
///
/// The same are written as the global policy when a repository is created, so a later change of
/// defaults does not change old repositories. Velero writes none and relies on these.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/policy_tree.go`.
public final class DefaultPolicy {
  /// A file larger than this goes up in parts of this size, side by side.
  public static final long PARALLEL_UPLOAD_ABOVE_BYTES = 2L << 30;

  /// The defaults.
  public static final Policy POLICY =
      new Policy(
          new RetentionPolicy(10L, 48L, 7L, 4L, 24L, 3L, false),
          new FilesPolicy(List.of(), false, List.of(".kopiaignore"), false, null, 0, null),
          new ErrorHandlingPolicy(false, false, true),
          new SchedulingPolicy(0, List.of(), false, false, List.of(), true),
          new CompressionPolicy(CompressionChoice.NONE, List.of(), false, List.of(), false, 0, 0),
          "zstd-fastest",
          "",
          ActionsPolicy.UNSET,
          0L,
          new LoggingPolicy(5L, 5L, 0L, 5L, 0L, 0L),
          new UploadPolicy(1L, null, PARALLEL_UPLOAD_ABOVE_BYTES),
          false);

  private DefaultPolicy() {}
}
