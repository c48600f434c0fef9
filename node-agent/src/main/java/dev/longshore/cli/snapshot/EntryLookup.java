package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.ExitCode;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.snapshot.SourceInfo;

/// Finds what users name: a snapshot or object by its id, with or without a path in it, or a path
/// that was backed up, in its latest snapshot.
record EntryLookup(Cli cli, Repository repository) {
  /// What an argument of a command that works on ids names; one that looks like a path is one.
  DirEntry find(String text) throws RepositoryException {
    boolean isPath = text.startsWith("/") || text.startsWith("./") || text.contains(":/");
    return isPath
        ? backedUp(text, Long.MAX_VALUE)
        : SnapshotTree.of(repository).resolve(text, false);
  }

  /// What was at a path when it was backed up last, but not after a time.
  DirEntry backedUp(String text, long atNanos) throws RepositoryException {
    SourceInfo path = Sources.parse(cli, repository.client(), text);
    if (path.path().isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "the source has no path: " + text);
    }
    return SnapshotTree.of(repository)
        .resolveSource(path, atNanos)
        .orElseThrow(() ->
            new NotFoundException(
                "no snapshot holds " + path + " (see `repo snapshot list --all`)"));
  }
}
