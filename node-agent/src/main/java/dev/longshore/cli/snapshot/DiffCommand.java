package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.compare.Difference;
import dev.longshore.engine.compare.DifferenceStats;
import dev.longshore.engine.compare.DifferenceText;
import dev.longshore.engine.compare.TreeComparer;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `diff`.
@Command(
    name = "diff",
    aliases = "compare",
    description = "Show the differences between two directories of snapshots.")
final class DiffCommand extends RepoCommand {
  @Option(
      names = {"-f", "--files"},
      negatable = true,
      description = "Run a diff program on files that differ.")
  boolean files;

  @Option(names = "--stats-only", negatable = true, description = "Only the counts.")
  boolean statsOnly;

  @Option(
      names = "--diff-command",
      paramLabel = "COMMAND",
      description = "The diff program and its options ($KOPIA_DIFF; default: diff -u).")
  @Nullable String diffCommand;

  @Parameters(
      index = "0",
      paramLabel = "OLD",
      description = "A snapshot or directory object, and a path in it.")
  String first = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "What to compare it with.")
  String second = "";

  DiffCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      var tree = SnapshotTree.of(repository);
      DirEntry old = tree.resolve(first, false);
      DirEntry now = tree.resolve(second, false);
      if (old.type() != EntryType.DIRECTORY || now.type() != EntryType.DIRECTORY) {
        throw usage("both arguments must be directories; for files use `repo show`");
      }
      DifferenceStats stats =
          new TreeComparer(repository)
              .compare(old, now, difference -> print(repository, old, now, difference));
      cli.out().println(stats.toJson());
    }
    return ExitCode.OK;
  }

  private void print(Repository repository, DirEntry old, DirEntry now, Difference difference)
      throws IOException {
    if (statsOnly) {
      return;
    }
    cli.out().println(Text.visible(DifferenceText.of(difference)));
    if (files && difference instanceof Difference.ContentChanged changed) {
      runDiff(repository, old, now, changed.path());
    }
  }

  private void runDiff(Repository repository, DirEntry old, DirEntry now, String path)
      throws IOException {
    var tree = SnapshotTree.of(repository);
    List<String> parts = Arrays.asList(path.split("/", -1));
    Path folder = Files.createTempDirectory("repo-diff");
    try {
      Path left = copy(repository, tree.nested(old, parts), folder.resolve("old"));
      Path right = copy(repository, tree.nested(now, parts), folder.resolve("new"));
      List<String> command =
          new ArrayList<>(
              List.of(
                  (diffCommand != null
                          ? diffCommand
                          : cli.terminal().variable("KOPIA_DIFF").orElse("diff -u"))
                      .split(" ", -1)));
      command.add(left.toString());
      command.add(right.toString());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      process.getInputStream().transferTo(cli.out());
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted", e);
    } finally {
      Files.deleteIfExists(folder.resolve("old"));
      Files.deleteIfExists(folder.resolve("new"));
      Files.deleteIfExists(folder);
    }
  }

  private static Path copy(Repository repository, DirEntry entry, Path to) throws IOException {
    try (InputStream in = repository.objects().open(entry.objectId())) {
      Files.copy(in, to);
    }
    return to;
  }
}
