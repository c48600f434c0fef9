package dev.longshore.engine.simulation;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectOptions;
import dev.longshore.engine.object.ObjectWriter;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotCatalog;
import dev.longshore.engine.snapshot.SnapshotEditor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceEntry;
import dev.longshore.engine.source.SourceFile;
import dev.longshore.engine.source.SourceListing;
import dev.longshore.engine.source.SourceReader;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.DirectoryWriter;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.snapshot.SnapshotManifest;
import dev.longshore.format.snapshot.SnapshotStats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a writer of Kopia does to the store, without what our uploads add: files that look
/// unchanged since the last complete snapshot keep their objects, unseen; others become contents,
/// then directories, then a manifest, and one flush puts marker, packs and index in this order and
/// takes the marker away. The session beneath is this engine's, which keeps Kopia's order and epoch
/// rules.
///
/// Source: kopia 4ebb2be6c `snapshot/upload/upload.go`, `repo/content/content_manager.go`.
final class KopiaWriter extends Writer {
  private static final String ROOT = "";

  KopiaWriter(World world, Base base, Rules rules, String name, SourceModel source) {
    super(world, base, rules, name, source);
  }

  @Override
  void create(
      RepositoryWriter writer,
      SourceTree tree,
      Map<String, SourceModel.File> files,
      Snapshot snapshot)
      throws IOException {
    Map<String, DirEntry> before = new HashMap<>();
    SnapshotCatalog catalog = new SnapshotCatalog(writer.manifests());
    for (SnapshotManifest parent : catalog.previous(snapshot.source())) {
      if (parent.isComplete()) {
        collect(writer, SnapshotTree.root(parent), ROOT, before);
      }
    }
    long start = GoTime.epochNanos(writer.repository().clock().instant());
    DirEntry root = directory(writer, (SourceDirectory) tree.root(), ROOT, before);
    long end = GoTime.epochNanos(writer.repository().clock().instant());
    SnapshotManifest _ =
        new SnapshotEditor(writer.manifests())
            .save(
                new SnapshotManifest(
                    null,
                    snapshot.source(),
                    snapshot.description(),
                    start,
                    end,
                    SnapshotStats.NONE,
                    "",
                    root,
                    Map.of(),
                    List.of()));
    writer.flush();
  }

  private static void collect(
      RepositoryWriter writer, DirEntry directory, String path, Map<String, DirEntry> into)
      throws RepositoryException {
    SnapshotTree tree = new SnapshotTree(writer.manifests(), writer.objects());
    try (DirectoryCursor cursor = tree.open(directory)) {
      for (DirEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
        if (entry.type() == EntryType.DIRECTORY) {
          collect(writer, entry, path + entry.name() + "/", into);
        } else {
          into.put(path + entry.name(), entry);
        }
      }
    }
  }

  private DirEntry directory(
      RepositoryWriter writer, SourceDirectory source, String path, Map<String, DirEntry> before)
      throws IOException {
    List<DirEntry> entries = new ArrayList<>();
    try (SourceListing listing = source.open()) {
      for (SourceEntry entry = listing.next(); entry != null; entry = listing.next()) {
        String at = path + entry.name();
        if (entry instanceof SourceDirectory below) {
          entries.add(directory(writer, below, at + "/", before));
        } else {
          entries.add(file(writer, (SourceFile) entry, before.get(at)));
        }
      }
    }
    entries.sort(DirEntry.ORDER);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DirectoryWriter out = new DirectoryWriter(bytes);
    for (DirEntry entry : entries) {
      out.add(entry);
    }
    out.finish(new DirSummary(0, 0, 0, 1, 0, "", 0, 0, List.of()));
    ObjectId object = write(writer, bytes.toByteArray(), 'k');
    return new DirEntry(source.name(), EntryType.DIRECTORY, 0755, 0, 0, 0, 0, object, null);
  }

  private static DirEntry file(
      RepositoryWriter writer, SourceFile file, @org.jspecify.annotations.Nullable DirEntry before)
      throws IOException {
    long mtime = file.status().mtimeEpochNanos();
    long size = file.status().sizeBytes();
    if (before != null && before.mtimeNanos() == mtime && before.sizeBytes() == size) {
      return before;
    }
    byte[] bytes = new byte[(int) size];
    try (SourceReader reader = file.open()) {
      for (int n = 0; n < bytes.length; ) {
        n += reader.read(bytes, n, bytes.length - n);
      }
    }
    ObjectId object = write(writer, bytes, ContentId.NO_PREFIX);
    return new DirEntry(file.name(), EntryType.FILE, 0644, size, mtime, 1, 1, object, null);
  }

  private static ObjectId write(RepositoryWriter writer, byte[] bytes, char prefix)
      throws RepositoryException {
    ObjectOptions options =
        new ObjectOptions(prefix, Optional.empty(), Optional.empty(), Optional.empty());
    try (ObjectWriter out = writer.objectWriters().open(options)) {
      out.write(bytes, 0, bytes.length);
      return out.result();
    }
  }
}
