package dev.longshore.cli.repository;

import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.format.repository.BlobRetention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks what `--retention-mode` and `--retention-period` say together.
final class RetentionFlags {
  private RetentionFlags() {}

  static BlobRetention retention(@Nullable String mode, Duration period) {
    var retention = new BlobRetention(mode == null ? "" : mode, period);
    List<String> problems = retention.problems();
    if (!problems.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "--retention-mode: " + String.join("; ", problems));
    }
    return retention;
  }
}
