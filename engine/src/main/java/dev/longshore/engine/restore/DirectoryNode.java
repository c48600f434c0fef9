package dev.longshore.engine.restore;

import dev.longshore.format.directory.DirEntry;
import dev.longshore.format.json.RawText;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A directory on its way into the target: its attributes are set when all below it is done.
final class DirectoryNode {
  final @Nullable DirectoryNode parent;
  final DirEntry entry;

  /// Depth below the root, which has 0.
  final int depth;

  /// It was in the target before, so that anything may be in it.
  final boolean existed;

  /// What is made in it begins with an access-control list that the directory says, which is not
  /// the snapshot's. Known before the first entry.
  volatile boolean inherited;

  /// Its listing, and every entry still being restored.
  private final AtomicLong pending = new AtomicLong(1);

  /// A directory below another.
  DirectoryNode(DirectoryNode parent, DirEntry entry, boolean existed) {
    this.parent = parent;
    this.entry = entry;
    this.depth = parent.depth + 1;
    this.existed = existed;
  }

  private DirectoryNode(DirEntry entry, int depth, boolean existed) {
    this.parent = null;
    this.entry = entry;
    this.depth = depth;
    this.existed = existed;
  }

  /// The root of a tree.
  static DirectoryNode root(DirEntry entry, boolean existed) {
    return new DirectoryNode(entry, 0, existed);
  }

  /// The folder that a single file is put into: the file is the root. It never ends, so that it
  /// keeps its own attributes.
  static DirectoryNode around(DirEntry file) {
    return new DirectoryNode(file, -1, true);
  }

  /// Its name in the parent.
  byte[] name() {
    return RawText.encode(entry.name());
  }

  void childBegins() {
    pending.incrementAndGet();
  }

  /// Tells whether this was the last thing to wait for.
  boolean childEnds() {
    return pending.decrementAndGet() == 0;
  }

  /// Path below the root; empty for the root.
  String path() {
    StringBuilder path = new StringBuilder();
    for (DirectoryNode node = this; node.parent != null; node = node.parent) {
      path.insert(0, path.isEmpty() ? node.entry.name() : node.entry.name() + "/");
    }
    return path.toString();
  }

  /// Path of something in it.
  String path(String name) {
    return parent == null ? name : path() + "/" + name;
  }
}
