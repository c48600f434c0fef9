package dev.longshore.engine.restore;

import dev.longshore.engine.concurrent.WorkStack;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.object.ObjectReader;
import dev.longshore.engine.posix.Posix;
import dev.longshore.engine.snapshot.SnapshotTree;
import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.directory.DirectoryReader;
import dev.longshore.format.directory.EntryType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Goes through a snapshot's tree with some threads, the last found directory first, and hands its
/// entries to a sink.
///
/// Memory does not grow with a directory, unless it is out of order: one with more subdirectories
/// than the window is read again for each further so many. Entries that no file system could have
/// had are refused here.
final class TreeWalk {
  /// A window for real trees.
  static final int WINDOW = 1 << 14;

  private final ObjectReader objects;
  private final TreeSink sink;
  private final RestoreTally tally;
  private final int window;

  private final WorkStack<Listing> work = new WorkStack<>(this::list);

  /// @param window subdirectories of one directory that are held at a time
  TreeWalk(ObjectReader objects, TreeSink sink, RestoreTally tally, int window) {
    this.objects = objects;
    this.sink = sink;
    this.tally = tally;
    this.window = window;
  }

  /// A directory to list, from its subdirectory number `skip` on.
  private record Listing(DirectoryNode node, int skip) {}

  /// Goes through the tree below a directory that the sink has begun.
  ///
  /// @param threads how many list at a time
  void run(DirectoryNode root, int threads) throws InterruptedException {
    work.add(List.of(new Listing(root, 0)));
    work.run("restore-walk", threads);
  }

  private void list(Listing listing) throws InterruptedException {
    DirectoryNode node = listing.node;
    List<Listing> found = new ArrayList<>();
    boolean more = false;
    if (!tally.stopped()) {
      try {
        if (listing.skip == 0) {
          sink.beforeListing(node);
        }
        more = new Pass(listing, found).run();
      } catch (IOException e) {
        tally.failed(node.path(), e);
      }
    }
    if (more) {
      // Read before those above it are: it goes below them.
      found.addFirst(new Listing(node, listing.skip + window));
    }
    work.add(found);
    if (!more) {
      sink.listed(node);
    }
  }

  /// Checks that a name is one name, and short of tricks.
  private static void check(DirEntry entry) throws RefusedException {
    if (!entry.isSafeName()) {
      throw new RefusedException("the name cannot be that of a file");
    }
  }

  /// One reading of a directory. One thread's alone.
  private final class Pass {
    private final DirectoryNode node;
    private final int skip;
    private final List<Listing> found;
    private @Nullable DirEntry last;
    private @Nullable Set<String> repeated;
    private int subdirectories;

    Pass(Listing listing, List<Listing> found) {
      this.node = listing.node;
      this.skip = listing.skip;
      this.found = found;
    }

    /// Tells whether subdirectories are left for another pass.
    boolean run() throws IOException, InterruptedException {
      boolean more = false;
      try (InputStream in = objects.open(node.entry.objectId());
          DirectoryReader reader = new DirectoryReader(in)) {
        for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
          if (tally.stopped()) {
            return false;
          }
          boolean isDirectory = entry.type() == EntryType.DIRECTORY;
          boolean ordered = last == null || DirEntry.ORDER.compare(last, entry) < 0;
          last = ordered ? entry : last;
          if (isDirectory) {
            int number = subdirectories++;
            more |= number >= skip + window;
            if (more && skip > 0) {
              return true;
            }
            if (more || number < skip) {
              continue;
            }
          } else if (skip > 0) {
            continue;
          }
          take(entry, !ordered && isRepeated(entry.name()));
        }
      }
      return more;
    }

    /// Tells whether the directory has a name more than once. Asked only where it is out of Kopia's
    /// order; in order, no name repeats among entries of a kind.
    private boolean isRepeated(String name) throws IOException {
      if (repeated == null) {
        Set<String> names = new HashSet<>();
        repeated = new HashSet<>();
        try (InputStream in = objects.open(node.entry.objectId());
            DirectoryReader reader = new DirectoryReader(in)) {
          for (DirEntry entry = reader.next(); entry != null; entry = reader.next()) {
            if (!names.add(entry.name())) {
              repeated.add(entry.name());
            }
          }
        }
      }
      return repeated.contains(name);
    }

    private void take(DirEntry entry, boolean mustBeNew) throws InterruptedException {
      try {
        switch (entry.type()) {
          case DIRECTORY -> directory(entry, mustBeNew);
          case FILE -> {
            tally.enqueuedFiles.increment();
            tally.enqueuedBytes.add(entry.sizeBytes());
            check(entry);
            sink.file(node, entry, mustBeNew);
          }
          case SYMLINK -> {
            tally.enqueuedSymlinks.increment();
            check(entry);
            sink.symlink(node, entry, linkTarget(objects, entry), mustBeNew);
          }
          case UNKNOWN -> throw new RefusedException("an entry of unknown type");
        }
      } catch (IOException e) {
        tally.failed(node.path(entry.name()), e);
      }
    }

    private void directory(DirEntry entry, boolean mustBeNew) throws IOException {
      tally.enqueuedDirectories.increment();
      check(entry);
      if (node.depth >= SnapshotTree.MAX_DEPTH) {
        throw new RefusedException("deeper than " + SnapshotTree.MAX_DEPTH + " directories");
      }
      DirectoryNode child = sink.directory(node, entry, mustBeNew);
      if (child != null) {
        found.add(new Listing(child, 0));
      }
    }
  }

  /// The target of a symbolic link, which is an object.
  static byte[] linkTarget(ObjectReader objects, DirEntry entry) throws RepositoryException {
    byte[] target = objects.readAll(entry.objectId(), Posix.MAX_LINK_TARGET - 1);
    boolean hasNul = false;
    for (byte b : target) {
      hasNul |= b == 0;
    }
    if (target.length == 0 || hasNul) {
      throw new DamagedException(
          "object " + entry.objectId() + ": not the target of a symbolic link");
    }
    return target;
  }
}
