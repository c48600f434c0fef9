package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.engine.maintenance.SingleTasks;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.maintenance.TaskStats.DeletedPacks;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `blob gc`.
@Command(
    name = "gc",
    description =
        "Delete packs that no index entry names. Maintenance does it at the right time; this does"
            + " it now, and asks for --dangerous-commands=enabled.")
final class BlobGcCommand extends ExpertTask {
  @Option(
      names = "--delete",
      paramLabel = "yes",
      description = "Say `yes` to delete; otherwise it is only counted.")
  String delete = "";

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "16",
      description = "Deletions at once (default: 16).")
  int parallel = 16;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "Only packs whose names begin with PREFIX.")
  String prefix = "";

  BlobGcCommand(Cli cli) {
    super(cli);
  }

  @Override
  String run(SingleTasks tasks, Repository repository) throws IOException {
    if (parallel < 1) {
      throw usage("--parallel must be positive");
    }
    if (!prefix.isEmpty() && !prefix.matches("[pq].*")) {
      throw usage("--prefix: packs begin with p or q");
    }
    boolean dryRun = !delete.equals("yes");
    DeletedPacks done = tasks.deletePacks(prefix, safety.safety(), parallel, dryRun);
    String found =
        "Found %d packs to delete (%s), kept %d for now."
            .formatted(
                done.unreferenced().count(),
                cli.sizes().bytes(done.unreferenced().bytes()),
                done.retained().count());
    return dryRun
        ? found + (done.unreferenced().count() > 0 ? " Pass --delete=yes to delete." : "")
        : found + " Deleted " + done.deleted().count() + ".";
  }
}
