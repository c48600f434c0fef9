package dev.longshore.engine.restore;

import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Open directories of the target, so many at most that no tree exhausts descriptors.
///
/// A directory is opened from its parent's descriptor by its bare name, and only if it is a
/// directory itself: no symbolic link, whoever put it there, leads out of the target. Thread-safe.
final class DirectoryHandles implements AutoCloseable {
  private static final int MAX_IDLE = 256;
  private static final int FLAGS = Posix.O_RDONLY | Posix.O_DIRECTORY | Posix.O_NOFOLLOW;

  private final Handle root;
  private final Map<DirectoryNode, Handle> handles = new LinkedHashMap<>(16, 0.75f, true);

  /// @param rootFd the target, which becomes this object's to close
  DirectoryHandles(int rootFd) {
    this.root = new Handle(rootFd);
    root.users = 1;
  }

  /// A descriptor in use; closing gives it back.
  final class Handle implements AutoCloseable {
    private final int fd;
    private int users;
    private boolean forgotten;

    private Handle(int fd) {
      this.fd = fd;
    }

    int fd() {
      return fd;
    }

    @Override
    public void close() {
      synchronized (handles) {
        users--;
        if (users == 0 && forgotten) {
          Posix.close(fd);
        }
      }
    }
  }

  /// Opens a directory, or shares it if it is open.
  Handle acquire(DirectoryNode node) throws OsException {
    synchronized (handles) {
      Deque<DirectoryNode> closed = new ArrayDeque<>();
      Handle handle = root;
      for (DirectoryNode at = node; at.parent != null; at = at.parent) {
        Handle open = handles.get(at);
        if (open != null) {
          handle = open;
          break;
        }
        closed.push(at);
      }
      for (DirectoryNode next : closed) {
        handle.users++;
        int fd;
        try {
          fd = Posix.openat(handle.fd, next.name(), FLAGS, 0);
        } finally {
          handle.users--;
        }
        handle = new Handle(fd);
        handles.put(next, handle);
      }
      handle.users++;
      closeIdle();
      return handle;
    }
  }

  private void closeIdle() {
    Iterator<Handle> oldest = handles.values().iterator();
    while (handles.size() > MAX_IDLE && oldest.hasNext()) {
      Handle handle = oldest.next();
      if (handle.users == 0) {
        oldest.remove();
        Posix.close(handle.fd);
      }
    }
  }

  /// Closes a directory that is done.
  void forget(DirectoryNode node) {
    synchronized (handles) {
      Handle handle = handles.remove(node);
      if (handle != null) {
        handle.forgotten = true;
        if (handle.users == 0) {
          Posix.close(handle.fd);
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (handles) {
      handles.values().forEach(handle -> Posix.close(handle.fd));
      handles.clear();
      Posix.close(root.fd);
    }
  }
}
