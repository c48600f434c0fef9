package dev.longshore.engine.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

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
  static final long BYTES = 256;

  /// The mask that asks for all fields of a `stat`.
  static final int BASIC_STATS = 0x7ff;

  private StatxBuffer() {}

  static FileStatus read(MemorySegment s) {
    return new FileStatus(
        Short.toUnsignedInt(s.get(JAVA_SHORT, 28)),
        s.get(JAVA_INT, 20),
        s.get(JAVA_INT, 24),
        s.get(JAVA_LONG, 40),
        s.get(JAVA_LONG, 112),
        s.get(JAVA_INT, 120),
        s.get(JAVA_LONG, 48) * 512,
        device(s, 136),
        s.get(JAVA_LONG, 32),
        Integer.toUnsignedLong(s.get(JAVA_INT, 16)),
        device(s, 128));
  }

  private static long device(MemorySegment s, long offset) {
    return ((long) s.get(JAVA_INT, offset) << 32)
        | Integer.toUnsignedLong(s.get(JAVA_INT, offset + 4));
  }
}
