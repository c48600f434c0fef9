package dev.longshore.engine.verify;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.concurrent.WorkStack;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.fetch.ChunkFetch;
import dev.longshore.engine.fetch.ChunkQueue;
import dev.longshore.engine.fetch.FetchOptions;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.index.IndexEntry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One walk through trees, with several threads. Holds the subdirectories of the directories it is
/// in.
final class VerifyWalk implements AutoCloseable {
  private final ObjectReader objects;
  private final ContentReader contents;
  private final Plan plan;
  private final VerifyTally tally;
  private final IdSet seen = new IdSet(MemoryBudget.ofProcess().idBytes() / 2);
  private final ReadCheck readCheck;
  private final ChunkFetch<FileRead> fetch;
  private final ChunkQueue<FileRead> reads;
  private final WorkStack<SnapshotVerifier.Root> work = new WorkStack<>(this::directory);

  VerifyWalk(ObjectReader objects, ContentReader contents, Plan plan) {
    this.objects = objects;
    this.contents = contents;
    this.plan = plan;
    this.tally = plan.tally;
    this.readCheck = new ReadCheck(tally, contents, plan.options.window());
    this.fetch =
        new ChunkFetch<>(
            contents,
            readCheck,
            new FetchOptions(
                plan.options.parallel(), plan.options.budgetBytes(), plan.options.check()));
    this.reads = new ChunkQueue<>(fetch, MemoryBudget.ofProcess().planBytes());
  }

  /// What is looked for, and where it is told.
  ///
  /// @param random picks the files to read
  record Plan(
      PackLengths packs, VerifyTally tally, VerifyOptions options, RandomGenerator random) {}

  void run(List<SnapshotVerifier.Root> roots) throws InterruptedException {
    List<SnapshotVerifier.Root> directories = new ArrayList<>();
    for (SnapshotVerifier.Root root : roots) {
      entry(root, directories);
    }
    work.add(directories.reversed());
    work.run("verify-walk", plan.options.parallel());
    reads.flush();
  }

  /// Looks at an entry unless its object was looked at before; a directory is kept for later.
  private void entry(SnapshotVerifier.Root item, List<SnapshotVerifier.Root> directories)
      throws InterruptedException {
    ObjectId id = item.entry().objectId();
    if (!seen.add(id.contentId(), id.indirection() << 1 | (id.compressed() ? 1 : 0))) {
      return;
    }
    switch (item.entry().type()) {
      case DIRECTORY -> {
        tally.objects.increment();
        directories.add(item);
      }
      case FILE, SYMLINK -> file(item);
      case UNKNOWN -> tally.error(item.path(), new DamagedException("an entry of unknown type"));
    }
  }

  private void directory(SnapshotVerifier.Root item) throws InterruptedException {
    if (tally.stopped()) {
      return;
    }
    boolean told = false;
    try {
      objects.forEachContent(item.entry().objectId(), this::content);
    } catch (RepositoryException e) {
      // It may be readable from a cache still, and what is in it is worth a look.
      told = true;
      tally.error(item.path(), e);
      noteCulprits(item.entry().objectId());
    }
    List<SnapshotVerifier.Root> directories = new ArrayList<>();
    try (InputStream in = objects.open(item.entry().objectId());
        DirectoryReader reader = new DirectoryReader(in)) {
      for (DirEntry next = reader.next(); next != null; next = reader.next()) {
        if (tally.stopped()) {
          return;
        }
        String path = item.path() + "/" + next.name();
        entry(new SnapshotVerifier.Root(path, next), directories);
        attributes(path, next);
      }
    } catch (IOException e) {
      if (!told) {
        tally.error(item.path(), e);
        noteCulprits(item.entry().objectId());
      }
    }
    work.add(directories);
  }

  /// Looks at an entry's attributes as at a file, if they are an object of their own.
  private void attributes(String path, DirEntry entry) throws InterruptedException {
    ObjectId id = entry.extra().attributesObjectOrNull();
    if (id != null) {
      DirEntry object = new DirEntry(entry.name(), EntryType.FILE, 0, 0, 0, 0, 0, id, null);
      entry(new SnapshotVerifier.Root(path + " (its attributes)", object), new ArrayList<>());
    }
  }

  private void content(ContentId id) throws RepositoryException {
    IndexEntry entry =
        contents
            .find(id)
            .orElseThrow(() ->
                new NotFoundException("content " + id + ": expected an index entry, found none"));
    try {
      plan.packs.check(entry);
    } catch (RepositoryException e) {
      tally.damaged(id, e);
      throw e;
    }
  }

  /// Finds which contents keep a directory or a chunk list from being read; those of files are read
  /// elsewhere, or not at all.
  private void noteCulprits(ObjectId id) {
    Set<ContentId> needed = new LinkedHashSet<>();
    try {
      objects.forEachContent(
          id,
          content -> {
            if (content.hasPrefix()) {
              needed.add(content);
            }
          });
    } catch (RepositoryException e) {
      // What was visited before is what is known.
    }
    for (ContentId content : needed) {
      try {
        contents.read(content);
      } catch (RepositoryException e) {
        tally.damaged(content, e);
      }
    }
  }

  private void file(SnapshotVerifier.Root item) throws InterruptedException {
    boolean good = true;
    try {
      objects.forEachContent(item.entry().objectId(), this::content);
    } catch (RepositoryException e) {
      good = false;
      tally.error(item.path(), e);
      noteCulprits(item.entry().objectId());
    }
    tally.objects.increment();
    tally.bytes.add(item.entry().sizeBytes());
    tally.progress();
    if (good && isChosen()) {
      read(item);
    }
  }

  private boolean isChosen() {
    synchronized (plan) {
      return 100 * plan.random.nextDouble() < plan.options.filesPercent();
    }
  }

  private void read(SnapshotVerifier.Root item) throws InterruptedException {
    FileRead file = new FileRead(item.path());
    try {
      reads.addAll(objects, item.entry().objectId(), file, file::chunkBegins);
    } catch (RepositoryException e) {
      if (file.fail()) {
        tally.error(item.path(), e);
      }
    }
    readCheck.end(file);
  }

  @Override
  public void close() {
    fetch.close();
  }
}
