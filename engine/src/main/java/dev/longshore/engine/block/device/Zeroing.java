package dev.longshore.engine.block.device;

import dev.longshore.engine.posix.BlockCalls;
import dev.longshore.engine.posix.OsException;

/// The system's way to make a range of an open device or file read as zeros without writing them.
@FunctionalInterface
interface Zeroing {
  Zeroing OF_DEVICES = BlockCalls::zeroOut;
  Zeroing OF_FILES = BlockCalls::punchHole;

  /// @param offset a multiple of the sector, as is `length`
  void zero(int fd, long offset, long length) throws OsException;
}
