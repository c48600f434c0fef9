package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.content.Prefetch.Hint;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.id.ContentId;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cache prefetch` and `cache sync`: what fills the cache before it is needed.
final class CacheFillCommands {
  private CacheFillCommands() {}

  private static void checkKept(Cli cli, dev.longshore.engine.content.Prefetch prefetch) {
    if (!prefetch.isKept()) {
      cli.notice("Nothing is fetched: this connection has no cache, or its store is local.");
    }
  }

  /// `cache prefetch`.
  @Command(name = "prefetch", description = "Fetch what objects are made of into the cache.")
  static final class Prefetch extends RepoCommand {
    private static final int PARALLEL = 8;

    @Parameters(
        arity = "1..*",
        paramLabel = "OBJECT",
        description = "Object ids, or ids of a snapshot or a folder with a path below.")
    List<String> objects = List.of();

    @Option(
        names = "--hint",
        paramLabel = "HINT",
        description =
            "default: whole packs where much of them is wanted; contents; blobs: whole packs;"
                + " none.")
    String hint = "default";

    Prefetch(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      Hint chosen = hint();
      try (Repository repository = cli.connection().open()) {
        var prefetch = repository.contents().prefetch();
        checkKept(cli, prefetch);
        SnapshotTree tree = SnapshotTree.of(repository);
        Set<ContentId> contents = new LinkedHashSet<>();
        for (String object : objects) {
          repository
              .objects()
              .forEachContent(tree.resolve(object, false).objectId(), contents::add);
        }
        long known = prefetch.contents(contents, chosen, PARALLEL);
        cli.notice("prefetched " + known + " contents");
      }
      return ExitCode.OK;
    }

    private Hint hint() {
      try {
        return hint.isEmpty() ? Hint.DEFAULT : Hint.valueOf(hint.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw usage("--hint: default, contents, blobs or none");
      }
    }
  }

  /// `cache sync`.
  @Command(name = "sync", description = "Fetch all metadata into the cache.")
  static final class Sync extends RepoCommand {
    @Option(names = "--parallel", paramLabel = "N", description = "Requests at once (default: 16).")
    int parallel = 16;

    Sync(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      if (parallel < 1) {
        throw usage("--parallel: at least 1");
      }
      try (Repository repository = cli.connection().open()) {
        var prefetch = repository.contents().prefetch();
        checkKept(cli, prefetch);
        long packs = prefetch.metadata(parallel);
        cli.notice("synchronized " + packs + " packs of metadata");
      }
      return ExitCode.OK;
    }
  }
}
