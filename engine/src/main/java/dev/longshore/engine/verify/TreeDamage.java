package dev.longshore.engine.verify;

import dev.longshore.engine.concurrent.MemoryBudget;
import dev.longshore.engine.content.ContentReader;
import dev.longshore.engine.content.KnownDamage;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.DirectoryCursor;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.EntryType;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.id.ObjectId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.snapshot.SnapshotManifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Tells of each snapshot which of its entries cannot be restored, however many snapshots share
/// them: every directory is read once, and what is wrong below it is remembered.
///
/// Directories and chunk lists are read, files are not: what is known of their contents comes from
/// elsewhere. Memory: some 40 bytes for each object up to a bound, the names of the packs, and up
/// to [#MAX_BAD] damaged directories with [#MAX_FAULTS] entries each. One thread.
public final class TreeDamage {
  /// Entries that are named of each snapshot.
  public static final int MAX_FAULTS = 20;

  private static final int MAX_BAD = 10_000;

  private final SnapshotTree tree;
  private final ObjectReader objects;
  private final ContentReader contents;
  private final KnownDamage damage;
  private final PackLengths packs;
  private final Consumer<ContentId> culprits;
  private final IdSet clean = new IdSet(MemoryBudget.ofProcess().idBytes() / 2);
  private final Map<ObjectId, Damage> bad =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Damage> eldest) {
          return size() > MAX_BAD;
        }
      };

  /// What is wrong with a tree.
  ///
  /// @param count damaged files, links and directories
  /// @param first some of them, with paths from the root
  public record Damage(long count, List<VerifyResult.Fault> first) {
    /// Nothing.
    public static final Damage NONE = new Damage(0, List.of());
  }

  /// Lists the packs.
  ///
  /// @param damage what is known of contents that cannot be read
  /// @param culprits told of contents that are damaged or missing, perhaps more than once
  public TreeDamage(Repository repository, KnownDamage damage, Consumer<ContentId> culprits)
      throws RepositoryException {
    this.tree = SnapshotTree.of(repository);
    this.objects = repository.objects();
    this.contents = repository.contents();
    this.packs = new PackLengths(repository.blobs());
    this.damage = damage;
    this.culprits = culprits;
  }

  /// Looks at a snapshot.
  ///
  /// @throws RepositoryException if the store fails
  public Damage of(SnapshotManifest snapshot) throws RepositoryException {
    return entry(SnapshotTree.root(snapshot), "", 0);
  }

  private Damage entry(DirEntry entry, String path, int depth) throws RepositoryException {
    ObjectId id = entry.objectId();
    int mark = id.indirection() << 1 | (id.compressed() ? 1 : 0);
    if (clean.contains(id.contentId(), mark)) {
      return Damage.NONE;
    }
    Damage known = bad.get(id);
    Damage found = known != null ? known : look(entry, depth);
    if (found.count == 0) {
      clean.add(id.contentId(), mark);
      return found;
    }
    bad.put(id, found);
    List<VerifyResult.Fault> below = new ArrayList<>();
    for (VerifyResult.Fault fault : found.first) {
      String full =
          fault.path().isEmpty() ? path : path.isEmpty() ? fault.path() : path + "/" + fault.path();
      below.add(new VerifyResult.Fault(full, fault.message()));
    }
    return new Damage(found.count, below);
  }

  /// Looks at an entry; paths are from it on.
  private Damage look(DirEntry entry, int depth) throws RepositoryException {
    try {
      objects.forEachContent(entry.objectId(), this::content);
      return entry.type() == EntryType.DIRECTORY ? directory(entry, depth) : Damage.NONE;
    } catch (DamagedException | NotFoundException e) {
      noteCulprits(entry.objectId());
      return new Damage(1, List.of(new VerifyResult.Fault("", String.valueOf(e.getMessage()))));
    }
  }

  private Damage directory(DirEntry directory, int depth) throws RepositoryException {
    if (depth > SnapshotTree.MAX_DEPTH) {
      throw new DamagedException(
          "nested more than " + SnapshotTree.MAX_DEPTH + " directories deep");
    }
    long count = 0;
    List<VerifyResult.Fault> first = new ArrayList<>();
    List<DirEntry> below = new ArrayList<>();
    try (DirectoryCursor cursor = tree.open(directory)) {
      for (DirEntry next = cursor.next(); next != null; next = cursor.next()) {
        if (next.type() == EntryType.DIRECTORY) {
          below.add(next);
        } else {
          count += add(first, entry(next, next.name(), depth + 1));
        }
      }
    }
    // Not while this directory is open: one at a time is, however deep the tree.
    for (DirEntry child : below) {
      count += add(first, entry(child, child.name(), depth + 1));
    }
    return count == 0 ? Damage.NONE : new Damage(count, List.copyOf(first));
  }

  private static long add(List<VerifyResult.Fault> first, Damage found) {
    for (VerifyResult.Fault fault : found.first) {
      if (first.size() < MAX_FAULTS) {
        first.add(fault);
      }
    }
    return found.count;
  }

  private void content(ContentId id) throws RepositoryException {
    IndexEntry entry =
        contents
            .find(id)
            .orElseThrow(() ->
                new NotFoundException("content " + id + ": expected an index entry, found none"));
    packs.check(entry);
    if (damage.touches(entry)) {
      throw new DamagedException(
          "content " + id + " in pack " + entry.packBlobId() + " is damaged");
    }
  }

  private void noteCulprits(ObjectId id) throws RepositoryException {
    List<ContentId> needed = new ArrayList<>();
    needed.add(id.contentId());
    try {
      objects.forEachContent(
          id,
          content -> {
            if (isBad(content)) {
              culprits.accept(content);
            } else if (content.hasPrefix()) {
              needed.add(content);
            }
          });
    } catch (DamagedException | NotFoundException e) {
      // What was visited before is what is known.
    }
    for (ContentId content : needed) {
      try {
        contents.read(content);
      } catch (DamagedException | NotFoundException e) {
        culprits.accept(content);
      }
    }
  }

  private boolean isBad(ContentId id) throws RepositoryException {
    try {
      content(id);
      return false;
    } catch (DamagedException | NotFoundException e) {
      return true;
    }
  }
}
