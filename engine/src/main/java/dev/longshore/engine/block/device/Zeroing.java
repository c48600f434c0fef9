package dev.longshore.engine.block.device;

import dev.longshore.engine.posix.BlockCalls;
import dev.longshore.engine.posix.OsException;
import java.util.List;

/// A way of the system to make a range of an open device or file read as zeros without writing
/// them.
@FunctionalInterface
interface Zeroing {
  /// The best first: a hole of a device takes no room where room is given out as it is needed.
  List<Zeroing> OF_DEVICES = List.of(BlockCalls::punchHole, BlockCalls::zeroOut);

  List<Zeroing> OF_FILES = List.of(BlockCalls::punchHole);

  /// @param offset a multiple of the sector, as is `length`
  void zero(int fd, long offset, long length) throws OsException;
}
