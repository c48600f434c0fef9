package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.compare.Difference;
import dev.longshore.engine.compare.DifferenceStats;
import dev.longshore.engine.compare.DifferenceText;
import dev.longshore.engine.compare.FileDiff;
import dev.longshore.engine.compare.TreeComparer;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import java.io.IOException;
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
      description =
          "A snapshot or directory object, and a path in it; or a path that was backed up.")
  String first = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "What to compare it with.")
  String second = "";

  DiffCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      var lookup = new EntryLookup(cli, repository);
      DirEntry old = lookup.find(first);
      DirEntry now = lookup.find(second);
      if (old.type() != EntryType.DIRECTORY || now.type() != EntryType.DIRECTORY) {
        throw usage("both arguments must be directories; for files use `repo show`");
      }
      try (var inside = new FileDiff(repository, diffProgram(), cli.out())) {
        DifferenceStats stats =
            new TreeComparer(repository).compare(old, now, difference -> print(inside, difference));
        cli.out().println(stats.toJson());
      }
    }
    return ExitCode.OK;
  }

  private List<String> diffProgram() {
    String program =
        diffCommand != null ? diffCommand : cli.terminal().variable("KOPIA_DIFF").orElse("diff -u");
    return List.of(program.split(" ", -1));
  }

  private void print(FileDiff inside, Difference difference) throws IOException {
    if (statsOnly) {
      return;
    }
    cli.out().println(Text.visible(DifferenceText.of(difference)));
    if (files) {
      inside.visit(difference);
    }
  }
}
