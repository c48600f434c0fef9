package dev.longshore.format.directory;

import java.util.OptionalInt;

/// A file's permission bits as Go numbers them: the nine usual ones as in Unix, the other three
/// elsewhere.
///
/// | bit | Go | Unix |
/// |---|---|---|
/// | rwxrwxrwx | 0777 | 0777 |
/// | set user id | 040000000 | 04000 |
/// | set group id | 020000000 | 02000 |
/// | sticky | 04000000 | 01000 |
///
/// Stored as text: `0` and the octal digits. Source: kopia 4ebb2be6c `fs/entry.go` (`ModBits`),
/// `snapshot/manifest.go` (`Permissions`).
public final class GoFileMode {
  /// Go's bit for set user id.
  public static final int SETUID = 1 << 23;

  /// Go's bit for set group id.
  public static final int SETGID = 1 << 22;

  /// Go's sticky bit.
  public static final int STICKY = 1 << 20;

  /// All bits that are kept.
  public static final int MASK = 0777 | SETUID | SETGID | STICKY;

  private GoFileMode() {}

  /// The Go bits of a Unix mode; type bits are ignored.
  public static int ofUnix(int mode) {
    return (mode & 0777)
        | ((mode & 04000) != 0 ? SETUID : 0)
        | ((mode & 02000) != 0 ? SETGID : 0)
        | ((mode & 01000) != 0 ? STICKY : 0);
  }

  /// The twelve Unix bits of a Go mode.
  public static int toUnix(int mode) {
    return (mode & 0777)
        | ((mode & SETUID) != 0 ? 04000 : 0)
        | ((mode & SETGID) != 0 ? 02000 : 0)
        | ((mode & STICKY) != 0 ? 01000 : 0);
  }

  /// The stored text.
  public static String format(int mode) {
    return "0" + Integer.toOctalString(mode);
  }

  /// Reads the stored text, or any other integer literal of Go without underscores (`0o755`,
  /// `0x1ed`, `493`); empty if it is none, or negative, or over 31 bits.
  public static OptionalInt parse(String text) {
    int radix = 10;
    String digits = text;
    if (text.length() > 1 && text.charAt(0) == '0') {
      radix =
          switch (text.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
          };
      boolean marked = radix != 8 || (text.charAt(1) | 0x20) == 'o';
      digits = text.substring(marked ? 2 : 1);
    }
    if (digits.isEmpty() || digits.charAt(0) == '+' || digits.charAt(0) == '-') {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(Integer.parseInt(digits, radix));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
