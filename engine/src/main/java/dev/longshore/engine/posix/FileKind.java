package dev.longshore.engine.posix;

/// What a name in a directory is, from the type bits of its mode.
public enum FileKind {
  REGULAR(0100000),
  DIRECTORY(0040000),
  SYMLINK(0120000),
  FIFO(0010000),
  SOCKET(0140000),
  CHARACTER_DEVICE(0020000),
  BLOCK_DEVICE(0060000),
  UNKNOWN(0);

  private static final int TYPE_MASK = 0170000;

  private final int bits;

  FileKind(int bits) {
    this.bits = bits;
  }

  /// The type bits in a mode.
  public int bits() {
    return bits;
  }

  /// The kind that a Unix mode tells.
  public static FileKind ofMode(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> REGULAR;
      case 0040000 -> DIRECTORY;
      case 0120000 -> SYMLINK;
      case 0010000 -> FIFO;
      case 0140000 -> SOCKET;
      case 0020000 -> CHARACTER_DEVICE;
      case 0060000 -> BLOCK_DEVICE;
      default -> UNKNOWN;
    };
  }
}
