package dev.longshore.engine.snapshot;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.object.ObjectWriters;
import dev.longshore.engine.policy.Policies;
import dev.longshore.engine.repository.RepositoryWriter;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirSummary;
import dev.longshore.format.directory.EntryError;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes trees anew without, or with other, entries; directories in which nothing changes keep
/// their objects.
///
/// Memory: some 70 bytes and the name for each entry of the directories it is in, and up to
/// [#MAX_REMEMBERED] directories that it has been through. One snapshot at a time.
///
/// Source: kopia 4ebb2be6c `snapshot/snapshotfs/dir_rewriter.go`. Unlike Kopia, a directory that
/// changes keeps what its summary says of entries that could not be backed up.
public final class TreeRewriter implements AutoCloseable {
  private static final int MAX_REMEMBERED = 100_000;

  private final ObjectReader objects;
  private final ObjectWriters writers;
  private final Policies policies;
  private final EntryRewrite rule;
  private final WorkShare share;
  private final Map<DirectoryKey, DirEntry> done =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<DirectoryKey, DirEntry> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private Optional<Compression> compression = Optional.empty();

  /// A directory's time is in its bytes if it is empty.
  private record DirectoryKey(ObjectId id, long mtimeNanos) {}

  /// @param parallel directories and files looked at side by side
  public TreeRewriter(RepositoryWriter writer, EntryRewrite rule, int parallel) {
    this.objects = writer.objects();
    this.writers = writer.objectWriters();
    this.policies = new Policies(writer.manifests());
    this.rule = rule;
    this.share = new WorkShare(parallel - 1);
  }

  /// The snapshot with its tree rewritten; the very same if nothing changed. Its manifest is not
  /// saved.
  ///
  /// @throws DamagedException if it has no root
  public SnapshotManifest rewrite(SnapshotManifest snapshot) throws RepositoryException {
    compression = FileUpload.metadataCompression(policies.effective(snapshot.source()).policy());
    DirEntry root = SnapshotTree.root(snapshot);
    DirEntry[] rewritten = new DirEntry[1];
    try {
      share.runRoot(() -> rewritten[0] = root(root));
    } catch (RepositoryException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing else is thrown
    }
    return rewritten[0].equals(root) ? snapshot : snapshot.withRoot(rewritten[0]);
  }

  private DirEntry root(DirEntry root) throws RepositoryException {
    DirEntry changed = entry(".", root, 0);
    if (changed == null) {
      changed = rule.unreadable(".", root, new NotFoundException("the root is left out"));
    }
    if (changed == null) {
      throw new NotFoundException("nothing is left of a snapshot: delete it instead");
    }
    return changed;
  }

  private @Nullable DirEntry entry(String path, DirEntry entry, int depth)
      throws RepositoryException {
    DirEntry chosen = rule.rewrite(path, entry);
    if (chosen == null || chosen.type() != EntryType.DIRECTORY) {
      return chosen;
    }
    DirectoryKey key = new DirectoryKey(chosen.objectId(), chosen.mtimeNanos());
    DirEntry known;
    synchronized (done) {
      known = done.get(key);
    }
    if (known != null) {
      return with(chosen, known.objectId(), known.summaryOrNull());
    }
    DirEntry rewritten;
    try {
      rewritten = directory(path, chosen, depth);
    } catch (UnreadableException e) {
      return rule.unreadable(path, chosen, e.fault);
    }
    synchronized (done) {
      done.put(key, rewritten);
    }
    return rewritten;
  }

  private DirEntry directory(String path, DirEntry directory, int depth)
      throws RepositoryException, UnreadableException {
    EntryCollector kept = new EntryCollector(objects, null);
    List<DirSummary> before = new ArrayList<>();
    Changes changes = new Changes();
    try (WorkShare.Group group = share.group();
        DirectoryCursor cursor = open(directory, depth)) {
      for (DirEntry next = next(cursor); next != null; next = next(cursor)) {
        DirEntry child = next;
        child.summary().ifPresent(before::add);
        String below = path.equals(".") ? child.name() : path + "/" + child.name();
        group.run(() -> {
          DirEntry replacement = entry(below, child, depth + 1);
          if (replacement != null) {
            kept.add(replacement);
          }
          changes.note(child, replacement);
        });
      }
      group.join();
    } catch (RepositoryException | UnreadableException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing else is thrown
    }
    if (!changes.any()) {
      return directory;
    }
    directory.summary().ifPresent(summary -> addFailed(kept, summary, before));
    String incomplete = directory.summary().map(DirSummary::incomplete).orElse("");
    EntryCollector.Stored stored =
        kept.store(writers, compression, directory.mtimeNanos(), incomplete);
    return with(directory, stored.id(), stored.summary());
  }

  /// What the directory itself lacked: all that failed, but for what its children say.
  private static void addFailed(
      EntryCollector kept, DirSummary summary, List<DirSummary> children) {
    List<EntryError> own = new ArrayList<>(summary.errors());
    long ignored = summary.numIgnoredErrors();
    for (DirSummary child : children) {
      child.errors().forEach(own::remove);
      ignored -= child.numIgnoredErrors();
    }
    for (EntryError error : own) {
      kept.addFailed(error.path(), error.error(), ignored-- > 0);
    }
  }

  private static DirEntry with(DirEntry entry, ObjectId object, @Nullable DirSummary summary) {
    return new DirEntry(
        entry.name(),
        entry.type(),
        entry.mode(),
        entry.sizeBytes(),
        entry.mtimeNanos(),
        entry.uid(),
        entry.gid(),
        object,
        summary,
        entry.extra());
  }

  private DirectoryCursor open(DirEntry directory, int depth) throws UnreadableException {
    try {
      if (depth > SnapshotTree.MAX_DEPTH) {
        throw new DamagedException(
            "nested more than " + SnapshotTree.MAX_DEPTH + " directories deep");
      }
      return StoredDirectory.open(objects, directory.objectId());
    } catch (RepositoryException e) {
      throw new UnreadableException(e);
    }
  }

  private static @Nullable DirEntry next(DirectoryCursor cursor) throws UnreadableException {
    try {
      return cursor.next();
    } catch (RepositoryException e) {
      throw new UnreadableException(e);
    }
  }

  /// Tells a directory that cannot be read from a fault below it.
  private static final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient RepositoryException fault;

    UnreadableException(RepositoryException fault) {
      super(fault);
      this.fault = fault;
    }
  }

  /// Whether an entry of a directory became another.
  private static final class Changes {
    private boolean any;

    synchronized void note(DirEntry before, @Nullable DirEntry after) {
      any |= !before.equals(after);
    }

    synchronized boolean any() {
      return any;
    }
  }

  @Override
  public void close() {
    share.close();
  }
}
