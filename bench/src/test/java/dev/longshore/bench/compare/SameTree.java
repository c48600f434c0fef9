package dev.longshore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/// Compares a restored tree with its source: names, kinds, bytes, permissions, and times of files.
final class SameTree {
  private SameTree() {}

  /// Empty, or the first difference.
  static String difference(Path source, Path restored) throws IOException {
    List<Path> expected = paths(source);
    List<Path> found = paths(restored);
    if (!expected.equals(found)) {
      return "the restore holds %d entries, the source %d, or other names"
          .formatted(found.size(), expected.size());
    }
    for (Path path : expected) {
      String difference = entryDifference(source.resolve(path), restored.resolve(path));
      if (!difference.isEmpty()) {
        return path + " differs in " + difference;
      }
    }
    return "";
  }

  private static String entryDifference(Path source, Path restored) throws IOException {
    PosixFileAttributes expected = attributes(source);
    PosixFileAttributes found = attributes(restored);
    if (expected.isDirectory() != found.isDirectory()
        || expected.isRegularFile() != found.isRegularFile()) {
      return "kind";
    }
    if (!expected.permissions().equals(found.permissions())) {
      return "permissions";
    }
    if (!expected.isRegularFile()) {
      return "";
    }
    if (!expected.lastModifiedTime().equals(found.lastModifiedTime())) {
      return "modification time";
    }
    return Files.mismatch(source, restored) == -1 ? "" : "bytes";
  }

  private static PosixFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static List<Path> paths(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> !path.equals(root)).map(root::relativize).sorted().toList();
    }
  }
}
