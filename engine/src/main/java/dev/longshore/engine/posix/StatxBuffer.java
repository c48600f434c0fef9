package dev.longshore.engine.posix;

import java.nio.ByteBuffer;

/// Linux's `struct statx`, the same on every processor.
///
/// | offset | length | field |
/// |---|---|---|
/// | 16 | 4 | links |
/// | 20 | 4 | uid |
/// | 24 | 4 | gid |
/// | 28 | 2 | mode |
/// | 32 | 8 | inode |
/// | 40 | 8 | size |
/// | 48 | 8 | blocks of 512 bytes |
/// | 112 | 8 + 4 | mtime: seconds, nanoseconds |
/// | 128 | 4 + 4 | special device: major, minor |
/// | 136 | 4 + 4 | device: major, minor |
final class StatxBuffer {
  /// Length of the structure.
  static final int BYTES = 256;

  /// The mask that asks for all fields of a `stat`.
  static final int BASIC_STATS = 0x7ff;

  private StatxBuffer() {}

  /// Reads the structure from native memory.
  static FileStatus read(ByteBuffer bytes, int at) {
    return new FileStatus(
        Short.toUnsignedInt(bytes.getShort(at + 28)),
        bytes.getInt(at + 20),
        bytes.getInt(at + 24),
        bytes.getLong(at + 40),
        bytes.getLong(at + 112),
        bytes.getInt(at + 120),
        bytes.getLong(at + 48) * 512,
        device(bytes, at + 136),
        bytes.getLong(at + 32),
        Integer.toUnsignedLong(bytes.getInt(at + 16)),
        device(bytes, at + 128));
  }

  private static long device(ByteBuffer bytes, int at) {
    return ((long) bytes.getInt(at) << 32) | Integer.toUnsignedLong(bytes.getInt(at + 4));
  }
}
