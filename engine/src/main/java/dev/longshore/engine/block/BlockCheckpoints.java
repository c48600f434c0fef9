package dev.longshore.engine.block;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.id.ManifestId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What interrupted backups of a source have left: incomplete snapshots of the first part of the
/// device. They keep its blocks from being collected, and whoever reads the same state in the same
/// way goes on from there.
///
/// They do not have the tags of the layout, so that nobody takes them for a parent.
final class BlockCheckpoints {
  private static final String HOW = "longshore-checkpoint";
  private static final String VOLUME = "longshore-checkpoint-volume";
  private static final String STATE = "longshore-checkpoint-state";

  private final RepositoryWriter writer;
  private final BlockSnapshots snapshots;
  private final BlockRequest request;

  BlockCheckpoints(RepositoryWriter writer, BlockSnapshots snapshots, BlockRequest request) {
    this.writer = writer;
    this.snapshots = snapshots;
    this.request = request;
  }

  /// The first part of a device.
  ///
  /// @param blocks how many
  record Part(int blocks, ObjectId list) {}

  /// The longest part that a backup with this plan can go on from. There is none of a state without
  /// a name: the device may have changed since.
  Optional<Part> find(ReadPlan plan) throws RepositoryException {
    Optional<Part> longest = Optional.empty();
    if (request.changeId().isEmpty()) {
      return longest;
    }
    Map<String, String> tags = tags(plan);
    for (SnapshotManifest snapshot : all()) {
      if (snapshot.tags().equals(tags) && snapshot.root().isPresent()) {
        Optional<Part> part = open(snapshot.root().get(), plan.wanted().blockCount());
        if (part.isPresent() && (longest.isEmpty() || longest.get().blocks < part.get().blocks)) {
          longest = part;
        }
      }
    }
    return longest;
  }

  private Optional<Part> open(DirEntry root, int deviceBlocks) throws RepositoryException {
    try {
      DirEntry file = new ParentSearch(writer).onlyFile(root);
      long blocks = file.sizeBytes() / BlockLayout.BLOCK_BYTES;
      return file.objectId().isIndirect() && blocks > 0 && blocks <= deviceBlocks
          ? Optional.of(new Part((int) blocks, file.objectId()))
          : Optional.empty();
    } catch (DamagedException | NotFoundException e) {
      return Optional.empty();
    }
  }

  /// Saves the first part of the device, in place of earlier parts, and makes all that was written
  /// durable.
  void save(ReadPlan plan, Part part, long startNanos) throws RepositoryException {
    List<ManifestId> earlier = ids();
    SnapshotManifest snapshot =
        snapshots.of(
            part.list(),
            (long) part.blocks * BlockLayout.BLOCK_BYTES,
            new BlockSnapshots.Frame(
                startNanos, SnapshotManifest.CHECKPOINT, tags(plan), List.of()));
    SnapshotEditor editor = new SnapshotEditor(writer.manifests());
    editor.save(snapshot);
    editor.delete(earlier);
    writer.flush();
  }

  /// Removes all, with the next flush.
  void delete() throws RepositoryException {
    new SnapshotEditor(writer.manifests()).delete(ids());
  }

  private List<ManifestId> ids() throws RepositoryException {
    return all().stream().map(snapshot -> snapshot.id().orElseThrow()).toList();
  }

  private List<SnapshotManifest> all() throws RepositoryException {
    List<SnapshotManifest> found = new ArrayList<>();
    for (SnapshotManifest snapshot :
        new SnapshotCatalog(writer.manifests()).of(request.source(), Map.of()).snapshots()) {
      if (snapshot.incomplete().equals(SnapshotManifest.CHECKPOINT)
          && snapshot.tags().containsKey(HOW)) {
        found.add(snapshot);
      }
    }
    return found;
  }

  private Map<String, String> tags(ReadPlan plan) {
    Map<String, String> tags = new TreeMap<>();
    String parent =
        plan.parent().flatMap(found -> found.manifest().id()).map(Object::toString).orElse("none");
    tags.put(HOW, plan.report().mode().text() + " " + parent + " " + plan.wanted().deviceBytes());
    tags.put(VOLUME, request.volumeId());
    tags.put(STATE, request.changeId());
    return tags;
  }
}
