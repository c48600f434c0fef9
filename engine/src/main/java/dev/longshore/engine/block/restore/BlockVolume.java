package dev.longshore.engine.block.restore;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.Map;
import java.util.Optional;

/// A volume in a snapshot: one object whose bytes are those of a disk.
///
/// There are two layouts. Velero's block uploader has a directory with one file, whose object is a
/// list of 1 MiB blocks; the volume's true size is in a tag, and the last block is filled up with
/// zeros. Kopia's, of a stream, is one file of the volume's size, alone or in a directory.
///
/// @param name the file's, for people
/// @param objectId its bytes; may be more than the size
/// @param sizeBytes of the volume
/// @param isTagged the snapshot itself says that it is a volume
public record BlockVolume(String name, ObjectId objectId, long sizeBytes, boolean isTagged) {
  /// The volume that a user names: a snapshot by its manifest's id, or a file in one as
  /// [SnapshotTree#resolve] has it.
  ///
  /// @throws NotFoundException if there is no such thing, or it holds more or less than one file
  public static BlockVolume find(Repository repository, String reference)
      throws RepositoryException {
    if (ManifestId.isValid(reference)) {
      Optional<SnapshotManifest> snapshot =
          new SnapshotCatalog(repository.manifests()).load(new ManifestId(reference));
      if (snapshot.isPresent()) {
        return of(repository.objects(), snapshot.get());
      }
    }
    DirEntry entry = SnapshotTree.of(repository).resolve(reference, false);
    return of(repository.objects(), entry, Map.of())
        .orElseThrow(() -> none("what is at " + reference));
  }

  /// The volume of a snapshot.
  ///
  /// @throws NotFoundException if it holds more or less than one file
  public static BlockVolume of(ObjectReader objects, SnapshotManifest snapshot)
      throws RepositoryException {
    return of(objects, SnapshotTree.root(snapshot), snapshot.tags())
        .orElseThrow(
            () -> none("snapshot " + snapshot.id().map(ManifestId::value).orElse("without an id")));
  }

  private static NotFoundException none(String what) {
    return new NotFoundException(what + " is no volume: expected one file, and nothing else");
  }

  /// The volume that an entry is, or a directory's only one; empty if it is none.
  ///
  /// @param tags of the snapshot whose root it is
  /// @throws DamagedException if a tag says more bytes than the object has
  public static Optional<BlockVolume> of(
      ObjectReader objects, DirEntry root, Map<String, String> tags) throws RepositoryException {
    Optional<DirEntry> file =
        switch (root.type()) {
          case FILE -> Optional.of(root);
          case DIRECTORY ->
              SnapshotTree.onlyEntry(objects, root).filter(entry -> entry.type() == EntryType.FILE);
          case SYMLINK, UNKNOWN -> Optional.empty();
        };
    if (file.isEmpty()) {
      return Optional.empty();
    }
    DirEntry entry = file.get();
    String tag = tags.get(BlockTags.SIZE);
    long size = tag == null ? -1 : parse(tag);
    if (size > entry.sizeBytes()) {
      throw new DamagedException(
          "volume %s: expected %d bytes by its tag, found %d"
              .formatted(entry.objectId(), size, entry.sizeBytes()));
    }
    // Velero's own rule where the tag cannot be read: all that there is.
    long known = size < 0 ? entry.sizeBytes() : size;
    return Optional.of(new BlockVolume(entry.name(), entry.objectId(), known, tag != null));
  }

  private static long parse(String tag) {
    try {
      return Long.parseLong(tag);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
