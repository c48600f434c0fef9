package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.maintenance.SingleTasks;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.maintenance.TaskStats.RewrittenContents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `content rewrite`.
@Command(
    name = "rewrite",
    description =
        "Write contents anew into other packs: some by their ids, or those of short packs. It"
            + " asks for --dangerous-commands=enabled.")
final class ContentRewriteCommand extends ExpertTask {
  @Option(
      names = "--short",
      negatable = true,
      description = "All contents of packs that are less than 60 %% full.")
  boolean shortPacks;

  @Option(
      names = "--pack-prefix",
      paramLabel = "PREFIX",
      defaultValue = "",
      description = "With --short: only packs whose names begin with PREFIX.")
  String packPrefix = "";

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      defaultValue = "16",
      description = "Packs read at once (default: 16).")
  int parallelism = 16;

  @Option(
      names = {"-n", "--dry-run"},
      negatable = true,
      description = "Say how many, and change nothing.")
  boolean dryRun;

  @Parameters(arity = "0..*", paramLabel = "CONTENT", description = "Ids of contents.")
  List<String> ids = List.of();

  ContentRewriteCommand(Cli cli) {
    super(cli);
  }

  @Override
  String run(SingleTasks tasks, Repository repository) throws IOException {
    if (shortPacks != ids.isEmpty()) {
      throw usage("either --short or ids of contents are needed");
    }
    if (!shortPacks && !packPrefix.isEmpty()) {
      throw usage("--pack-prefix is for --short");
    }
    if (parallelism < 1) {
      throw usage("--parallelism must be positive");
    }
    if (shortPacks) {
      RewrittenContents done =
          tasks.rewriteShortPacks(packPrefix, safety.safety(), parallelism, dryRun);
      return "Found %d contents to rewrite (%s), rewrote %d, left %d for now."
          .formatted(
              done.toRewrite().count(),
              cli.sizes().bytes(done.toRewrite().bytes()),
              done.rewritten().count(),
              done.retained().count());
    }
    List<ContentId> contents = new ArrayList<>();
    for (String id : ids) {
      contents.add(
          ContentId.parse(id)
              .orElseThrow(() -> new CommandFailure(ExitCode.USAGE, "no content id: " + id)));
    }
    if (!dryRun) {
      tasks.rewrite(contents);
    }
    return contents.size() + " contents" + (dryRun ? " would be rewritten." : " rewritten.");
  }
}
