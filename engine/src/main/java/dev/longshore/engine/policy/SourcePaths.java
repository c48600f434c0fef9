package dev.longshore.engine.policy;

import java.util.Optional;

/// Paths of sources, which may come from Linux or Windows whatever this program runs on.
final class SourcePaths {
  private SourcePaths() {}

  /// The parent of a path; the path itself if it has none.
  static String parent(String path) {
    int volume = volumeLength(path);
    String rest = path.substring(volume);
    int last = lastSeparator(rest);
    if (last > 0 && last == rest.length() - 1) {
      rest = rest.substring(0, last);
      last = lastSeparator(rest);
    }
    if (last < 0) {
      return path;
    }
    return path.substring(0, volume) + rest.substring(0, Math.max(1, last));
  }

  /// The path of `child` relative to `parent`, with slashes; empty if it is not below it.
  static Optional<String> relative(String parent, String child) {
    String prefix = parent;
    prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    prefix = prefix.endsWith("\\") ? prefix.substring(0, prefix.length() - 1) : prefix;
    if (!child.startsWith(prefix + "/") && !child.startsWith(prefix + "\\")) {
      return Optional.empty();
    }
    String rest = child.substring(prefix.length() + 1);
    if (rest.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(volumeLength(parent) > 0 ? rest.replace('\\', '/') : rest);
  }

  /// Tells whether a path ends with a separator though it is no root, which a policy's target must
  /// not.
  static boolean hasTrailingSeparator(String path) {
    String rest = path.substring(volumeLength(path));
    return rest.length() > 1 && isSeparator(rest.charAt(rest.length() - 1));
  }

  private static int volumeLength(String path) {
    return path.length() >= 3 && path.charAt(1) == ':' && isSeparator(path.charAt(2)) ? 2 : 0;
  }

  private static int lastSeparator(String path) {
    return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  }

  private static boolean isSeparator(char c) {
    return c == '/' || c == '\\';
  }
}
