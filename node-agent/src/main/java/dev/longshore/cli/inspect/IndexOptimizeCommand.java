package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.engine.maintenance.SingleTasks;
import dev.longshore.engine.repository.Repository;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `index optimize`.
@Command(
    name = "optimize",
    description =
        "Merge the index blobs of a repository without epochs, or drop old tombstones from the"
            + " index of any. It asks for --dangerous-commands=enabled.")
final class IndexOptimizeCommand extends ExpertTask {
  @Option(
      names = "--max-small-blobs",
      paramLabel = "N",
      defaultValue = "1",
      description = "Fewer small index blobs than this are left alone (default: 1).")
  int maxSmallBlobs = 1;

  @Option(
      names = "--drop-deleted-older-than",
      paramLabel = "DURATION",
      description = "Drop tombstones of this age.")
  @Nullable String dropOlderThan;

  @Option(names = "--all", negatable = true, description = "Large index blobs, too.")
  boolean all;

  IndexOptimizeCommand(Cli cli) {
    super(cli);
  }

  @Override
  String run(SingleTasks tasks, Repository repository) throws IOException {
    Optional<Instant> before = Optional.empty();
    if (dropOlderThan != null) {
      Duration age =
          GoDurations.parse(dropOlderThan)
              .filter(duration -> !duration.isNegative())
              .orElseThrow(
                  () -> usage("--drop-deleted-older-than: expected a duration such as 240h"));
      before = Optional.of(repository.clock().instant().minus(age));
    }
    return "Merged "
        + tasks.compactIndex(maxSmallBlobs, all, before, safety.safety()).size()
        + " index blobs.";
  }
}
