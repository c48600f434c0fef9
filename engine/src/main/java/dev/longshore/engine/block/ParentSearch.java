package dev.longshore.engine.block;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.block.BlockTags;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.Map;
import java.util.Optional;

/// Finds the snapshot to build on, and says why there is none.
final class ParentSearch {
  private final SnapshotCatalog catalog;
  private final ObjectReader objects;

  ParentSearch(RepositoryWriter writer) {
    this.catalog = new SnapshotCatalog(writer.manifests());
    this.objects = writer.objects();
  }

  /// @param parent empty if there is none of use
  /// @param reason why there is none; empty if there is one
  record Found(Optional<BlockParent> parent, String reason) {
    static Found none(String reason) {
      return new Found(Optional.empty(), reason);
    }
  }

  Found find(BlockRequest request) throws RepositoryException {
    return switch (request.parent()) {
      case ParentChoice.None _ -> Found.none("a full backup was asked for");
      case ParentChoice.Newest _ -> newest(request, "", "there is no earlier snapshot");
      case ParentChoice.State state ->
          newest(
              request,
              state.changeId(),
              "there is no snapshot of the state \"" + state.changeId() + "\"");
      case ParentChoice.Snapshot snapshot -> {
        Optional<SnapshotManifest> manifest = catalog.load(snapshot.id());
        yield manifest.isEmpty()
            ? Found.none("snapshot " + snapshot.id() + " is not there")
            : open(manifest.get());
      }
    };
  }

  private Found newest(BlockRequest request, String changeId, String none)
      throws RepositoryException {
    for (SnapshotManifest snapshot :
        catalog.of(request.source(), Map.of()).snapshots().reversed()) {
      Map<String, String> tags = snapshot.tags();
      boolean fits =
          snapshot.isComplete()
              && BlockTags.BLOCK_UPLOADER.equals(tags.get(BlockTags.UPLOADER))
              && same(BlockTags.REQUESTER, request.tags(), tags)
              && (changeId.isEmpty() || changeId.equals(tags.get(BlockTags.CHANGE_ID)));
      if (fits) {
        return open(snapshot);
      }
    }
    return Found.none(none);
  }

  private static boolean same(String key, Map<String, String> left, Map<String, String> right) {
    return Optional.ofNullable(left.get(key)).equals(Optional.ofNullable(right.get(key)));
  }

  private Found open(SnapshotManifest snapshot) throws RepositoryException {
    String name = "snapshot " + snapshot.id().map(Object::toString).orElse("");
    Optional<BlockTags> tags = BlockTags.of(snapshot);
    if (!snapshot.isComplete() || tags.isEmpty() || snapshot.root().isEmpty()) {
      return Found.none(name + " is not a whole one of a block device");
    }
    try {
      DirEntry file = onlyFile(snapshot.root().get());
      boolean fits =
          file.objectId().isIndirect()
              && file.sizeBytes() == BlockLayout.objectBytes(tags.get().deviceBytes());
      return fits
          ? new Found(Optional.of(new BlockParent(snapshot, tags.get(), file.objectId())), "")
          : Found.none(name + " has no list of blocks of the device's size");
    } catch (DamagedException | NotFoundException e) {
      return Found.none(name + " cannot be read: " + e.getMessage());
    }
  }

  /// The entry of a directory that has no other.
  ///
  /// @throws DamagedException if it is none
  DirEntry onlyFile(DirEntry root) throws RepositoryException {
    return SnapshotTree.onlyEntry(objects, root)
        .orElseThrow(() ->
            new DamagedException("directory " + root.objectId() + " does not have one entry"));
  }
}
