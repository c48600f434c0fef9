package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.cli.output.Modes;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryType;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `ls`.
@Command(name = "list", aliases = "ls", description = "List a directory of a snapshot.")
final class ListDirectoryCommand extends RepoCommand {
  @Option(
      names = {"-l", "--long"},
      negatable = true,
      description = "Modes, sizes, times and object ids.")
  boolean longForm;

  @Option(
      names = {"-h", "--human-readable"},
      negatable = true,
      description = "Sizes with units.")
  boolean human;

  @Option(
      names = {"-r", "--recursive"},
      negatable = true,
      description = "Go into directories.")
  boolean recursive;

  @Option(
      names = {"-o", "--show-object-id"},
      negatable = true,
      description = "Object ids.")
  boolean objectIds;

  @Option(
      names = "--json",
      negatable = true,
      description = "Entries as they are stored, extended attributes and all, as JSON.")
  boolean json;

  @Option(
      names = "--error-summary",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Name the entries that could not be backed up.")
  boolean errorSummary;

  @Parameters(
      paramLabel = "ID[/PATH]",
      description =
          "A snapshot or directory object, and a path in it; or a path that was backed up.")
  String path = "";

  ListDirectoryCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    try (Repository repository = cli.connection().open()) {
      var tree = SnapshotTree.of(repository);
      DirEntry directory = new EntryLookup(cli, repository).find(path);
      if (directory.type() != EntryType.DIRECTORY) {
        throw usage(path + " is not a directory; for files use `repo show`");
      }
      String prefix = longForm ? "" : path.endsWith("/") ? path : path + "/";
      if (json) {
        try (var rows = new JsonList(cli.out())) {
          list(
              tree,
              directory,
              "",
              (entry, above) ->
                  rows.add(row -> entry.withName(above + entry.name()).writeFields(row)));
        }
      } else {
        list(
            tree,
            directory,
            prefix,
            (entry, above) ->
                cli.out().println(Text.visible(line(SnapshotTree.asKopiaReads(entry), above))));
      }
    }
    return ExitCode.OK;
  }

  /// A directory that is being listed.
  private record Level(DirectoryCursor entries, String prefix) {}

  /// Keeps its own stack: trees may be deeper than that of a thread.
  private void list(
      SnapshotTree tree, DirEntry top, String topPrefix, BiConsumer<DirEntry, String> print)
      throws IOException {
    var levels = new ArrayDeque<Level>();
    levels.push(new Level(tree.open(top), topPrefix));
    try {
      while (!levels.isEmpty()) {
        Level level = levels.element();
        DirEntry entry = level.entries.next();
        if (entry == null) {
          // What failed further down is in the summary of the top as well.
          if (errorSummary && levels.size() == 1) {
            level.entries.summary().ifPresent(this::printErrors);
          }
          levels.pop().entries.close();
          continue;
        }
        print.accept(entry, level.prefix);
        if (recursive && entry.type() == EntryType.DIRECTORY) {
          levels.push(new Level(tree.open(entry), level.prefix + entry.name() + "/"));
        }
      }
    } finally {
      for (Level level : levels) {
        level.entries.close();
      }
    }
  }

  private void printErrors(DirSummary summary) {
    if (summary.numFailed() == 0) {
      return;
    }
    cli.notice("");
    cli.notice(
        "NOTE: Encountered " + summary.numFailed() + " errors while snapshotting this directory:");
    cli.notice("");
    summary
        .errors()
        .forEach(error -> cli.notice("- Error in \"" + error.path() + "\": " + error.error()));
  }

  private String line(DirEntry entry, String prefix) {
    boolean directory = entry.type() == EntryType.DIRECTORY;
    boolean bare = !longForm && !recursive;
    String name = bare ? entry.name() : prefix + entry.name() + (directory ? "/" : "");
    name += errors(entry);
    if (longForm) {
      String size = human ? cli.sizes().bytes(entry.sizeBytes()) : Long.toString(entry.sizeBytes());
      // A mark as of other listings, in the room that sizes leave.
      String mark = entry.extra().hasAttributes() ? "@" : "";
      return "%s%s %s %s %-34s %s"
          .formatted(
              Modes.text(entry.type(), entry.mode()),
              mark,
              " ".repeat(Math.max(0, 12 - mark.length() - size.length())) + size,
              cli.times().seconds(Instant.ofEpochSecond(0, entry.mtimeNanos())),
              entry.objectId(),
              name);
    }
    return objectIds ? "%-34s %s".formatted(entry.objectId(), name) : name;
  }

  private String errors(DirEntry entry) {
    Optional<DirSummary> summary = entry.summary();
    return errorSummary && summary.isPresent() && summary.get().numFailed() > 0
        ? " (" + summary.get().numFailed() + " errors)"
        : "";
  }
}
