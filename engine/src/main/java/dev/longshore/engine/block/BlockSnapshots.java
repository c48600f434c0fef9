package dev.longshore.engine.block;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.block.BlockLayout;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes snapshots out of lists of blocks: the directory, and the manifest, which is not saved.
final class BlockSnapshots {
  private static final Optional<Compression> COMPRESSION = Optional.of(Compression.ZSTD_FASTEST);
  private static final ObjectOptions DIRECTORY =
      new ObjectOptions(BlockLayout.DIRECTORY_PREFIX, COMPRESSION, COMPRESSION, Optional.empty());

  private final RepositoryWriter writer;
  private final BlockRequest request;

  BlockSnapshots(RepositoryWriter writer, BlockRequest request) {
    this.writer = writer;
    this.request = request;
  }

  /// What a snapshot has besides its data.
  record Frame(long startNanos, String incomplete, Map<String, String> tags, List<String> pins) {}

  SnapshotManifest of(ObjectId list, long objectBytes, Frame frame) throws RepositoryException {
    byte[] bytes = BlockLayout.directory(request.source().path(), objectBytes, list);
    ObjectId directory;
    try (ObjectWriter object = writer.objectWriters().open(DIRECTORY)) {
      object.write(bytes, 0, bytes.length);
      directory = object.result();
    }
    return new SnapshotManifest(
        null,
        request.source(),
        request.description(),
        frame.startNanos,
        now(),
        BlockLayout.stats(objectBytes),
        frame.incomplete,
        BlockLayout.root(objectBytes, directory),
        frame.tags,
        frame.pins);
  }

  long now() {
    return GoTime.epochNanos(writer.repository().clock().instant());
  }
}
