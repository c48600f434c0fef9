package dev.longshore.engine.source;

import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.json.RawText;
import java.io.IOException;

/// A tree of this machine, through file descriptors.
final class NativeTree implements SourceTree {
  private final SourceEntry root;

  /// @param path absolute, without `.` and `..`
  NativeTree(String path) throws IOException {
    int slash = path.lastIndexOf('/');
    boolean isRoot = path.equals("/");
    String name = isRoot ? path : path.substring(slash + 1);
    String above = isRoot ? "" : path.substring(0, slash + 1);
    NativeParent parent = new NativeParent(Posix.AT_FDCWD, above);
    try {
      root =
          NativeEntry.of(parent, path, name, Posix.fstatat(Posix.AT_FDCWD, RawText.encode(path)));
    } catch (OsException e) {
      throw parent.fault("unable to determine entry type: ", name, e);
    }
  }

  @Override
  public SourceEntry root() {
    return root;
  }

  @Override
  public void close() {}
}
