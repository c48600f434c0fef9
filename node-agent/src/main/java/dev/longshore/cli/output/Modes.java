package dev.longshore.cli.output;

import dev.longshore.format.directory.EntryType;
import dev.longshore.format.directory.GoFileMode;

/// File modes as Go, and so Kopia, prints them: `drwxr-xr-x`, `-rw-r--r--`, `Lrwxrwxrwx`,
/// `urwxr-xr-x`.
public final class Modes {
  private static final String BITS = "rwxrwxrwx";

  private Modes() {}

  /// @param mode Go's bits
  public static String text(EntryType type, int mode) {
    var text = new StringBuilder();
    switch (type) {
      case DIRECTORY -> text.append('d');
      case SYMLINK -> text.append('L');
      case FILE, UNKNOWN -> {}
    }
    if ((mode & GoFileMode.SETUID) != 0) {
      text.append('u');
    }
    if ((mode & GoFileMode.SETGID) != 0) {
      text.append('g');
    }
    if ((mode & GoFileMode.STICKY) != 0) {
      text.append('t');
    }
    if (text.isEmpty()) {
      text.append('-');
    }
    for (int bit = 0; bit < BITS.length(); bit++) {
      text.append((mode & (1 << (8 - bit))) != 0 ? BITS.charAt(bit) : '-');
    }
    return text.toString();
  }
}
