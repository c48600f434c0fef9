package dev.longshore.engine.source;

import dev.longshore.engine.posix.OsException;
import dev.longshore.engine.posix.Posix;
import dev.longshore.format.json.RawText;
import java.io.IOException;

/// An open directory: what its entries are reached through, and how they are called in messages.
///
/// @param fd descriptor, or [Posix#AT_FDCWD] for the parent of a root
/// @param path for messages, ends in a slash, or empty
record NativeParent(int fd, String path) {
  /// The path of one of its entries, for messages.
  String pathOf(String name) {
    return path + RawText.display(name);
  }

  /// A fault in the words that Kopia has for it: `open /p/f: permission denied`.
  IOException fault(String prefix, String name, OsException e) {
    return new IOException(prefix + words(name, e), e);
  }

  /// The words of a fault.
  String words(String name, OsException e) {
    return e.call() + " " + pathOf(name) + ": " + e.reason();
  }

  int open(String location, int flags) throws OsException {
    return Posix.openat(fd, RawText.encode(location), Posix.O_RDONLY | Posix.O_NOFOLLOW | flags, 0);
  }
}
