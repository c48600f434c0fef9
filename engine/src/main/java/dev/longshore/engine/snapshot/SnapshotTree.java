package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.manifest.ManifestReader;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SourceInfo;
import java.util.List;
import java.util.Optional;

/// Looks into snapshots. Thread-safe.
public final class SnapshotTree {
  /// Looks into snapshots of these manifests, through these objects.
  public SnapshotTree(ManifestReader manifests, ObjectReader objects) {}

  /// Looks into a repository's snapshots.
  public static SnapshotTree of(Repository repository) {
    return new SnapshotTree(repository.manifests(), repository.objects());
  }

  /// The entry that a user names: `ID` or `ID/sub/path`, where the id is of a manifest or an
  /// object.
  ///
  /// The root of a snapshot is returned as its manifest has it. An object that is no snapshot's
  /// root gets made-up metadata: a directory named `/` with mode 0555, or a file with mode 0644.
  ///
  /// @param consistent refuse an object id that is the root of several snapshots which disagree on
  ///   its metadata, rather than take the newest; of no meaning if a sub-path follows
  /// @throws dev.longshore.engine.error.NotFoundException if there is no such snapshot, object or
  ///   entry
  public DirEntry resolve(String reference, boolean consistent) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The entry at a path of a source's snapshot: the newest snapshot of the path itself, or of the
  /// nearest directory above it that has any.
  ///
  /// @param source user, host and an absolute path
  /// @param atNanos the newest that started no later; `Long.MAX_VALUE` for the newest of all
  public Optional<DirEntry> resolveSource(SourceInfo source, long atNanos)
      throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The root of a snapshot.
  ///
  /// @throws dev.longshore.engine.error.DamagedException if it has none
  public static DirEntry root(SnapshotManifest snapshot) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// Opens a directory. Its entries come as they are stored: see [#asKopiaReads].
  ///
  /// @throws dev.longshore.engine.error.DamagedException if the entry is no directory, or later if
  ///   its bytes are not one
  public DirectoryCursor open(DirEntry directory) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The entry with a name in a directory; empty if there is none.
  public Optional<DirEntry> child(DirEntry directory, String name) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The entry at a path below another; empty parts are passed over.
  ///
  /// @throws dev.longshore.engine.error.NotFoundException if a part is missing or no directory
  public DirEntry nested(DirEntry start, List<String> parts) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// The target of a symbolic link, raw bytes.
  public byte[] linkTarget(DirEntry symlink) throws RepositoryException {
    throw new UnsupportedOperationException("not yet");
  }

  /// An entry of a directory as Kopia shows and restores it: a nested directory has the total size
  /// and the newest time of what is below it, in place of its own.
  public static DirEntry asKopiaReads(DirEntry entry) {
    return entry
        .summary()
        .filter(s -> entry.type() == dev.longshore.format.directory.EntryType.DIRECTORY)
        .map(s ->
            new DirEntry(
                entry.name(),
                entry.type(),
                entry.mode(),
                s.size(),
                s.maxTimeNanos(),
                entry.uid(),
                entry.gid(),
                entry.objectId(),
                s))
        .orElse(entry);
  }
}
