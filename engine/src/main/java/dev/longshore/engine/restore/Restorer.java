package dev.longshore.engine.restore;

import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import java.io.IOException;

/// Restores entries of snapshots. Thread-safe; several restores may run side by side.
///
/// Bytes are read in the order of the packs, each content once for many files, and every content is
/// checked against its id before any of it is written. Faults of single entries are noted and the
/// rest goes on; a target that takes no more (no room, read-only) ends the restore.
public final class Restorer {
  private final ObjectReader objects;
  private final ContentReader contents;

  /// Restores from a repository.
  public Restorer(Repository repository) {
    this(repository.objects(), repository.contents());
  }

  Restorer(ObjectReader objects, ContentReader contents) {
    this.objects = objects;
    this.contents = contents;
  }

  /// Restores an entry and all below it.
  ///
  /// Directories get the time they had when they were backed up; Kopia gives nested ones the newest
  /// time of what is in them.
  ///
  /// @param root of a snapshot, or any entry of one, as
  ///   [dev.longshore.engine.snapshot.SnapshotTree] has it; its own name does not matter
  /// @throws IOException if the restore cannot begin: the target cannot be made or opened, or is
  ///   something else than the root; or, of a tar or zip file, if it cannot be written
  public RestoreResult restore(
      DirEntry root, RestoreTarget target, RestoreOptions options, RestoreListener listener)
      throws IOException {
    RestoreTally tally = new RestoreTally(listener, options.ignoreErrors());
    try {
      switch (target) {
        case RestoreTarget.Local local ->
            new LocalRestore(objects, contents, options, tally).run(root, local.path());
        case RestoreTarget.Tar tar -> new ArchiveRestore(objects, options, tally).run(root, tar);
        case RestoreTarget.Zip zip -> new ArchiveRestore(objects, options, tally).run(root, zip);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      tally.stop();
    }
    return tally.result();
  }
}
