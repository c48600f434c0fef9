package dev.longshore.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The native memory of one call: where errno is left, and the call's strings.
final class NativeFrame implements AutoCloseable {
  static final byte[] NO_NAME = {};

  /// Enough for what nearly every call needs, in one allocation.
  private static final int BLOCK_BYTES = 768;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment block = arena.allocate(BLOCK_BYTES, 16);
  private long used;
  final MemorySegment state = take(NativeCalls.STATE.byteSize());

  /// A call that answers 0, or fails and leaves errno.
  @FunctionalInterface
  interface Call {
    int run(NativeFrame frame) throws Throwable;
  }

  /// Makes a call, and turns its refusal into an exception.
  static void run(String what, byte[] name, Call call) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      if (call.run(frame) != 0) {
        throw frame.fault(what, name);
      }
    } catch (OsException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Memory of zeros, aligned to 8 bytes.
  MemorySegment take(long bytes) {
    long start = (used + 7) & -8;
    if (bytes > BLOCK_BYTES - start) {
      return arena.allocate(bytes, 8);
    }
    used = start + bytes;
    return block.asSlice(start, bytes);
  }

  /// A C string of raw bytes.
  ///
  /// @throws OsException `EINVAL` if a NUL is in it, which would end it early
  MemorySegment text(byte[] text) throws OsException {
    for (byte b : text) {
      if (b == 0) {
        throw new OsException("name", text, Errno.EINVAL);
      }
    }
    MemorySegment segment = take(text.length + 1L);
    MemorySegment.copy(text, 0, segment, ValueLayout.JAVA_BYTE, 0, text.length);
    return segment;
  }

  int errno() {
    return (int) NativeCalls.ERRNO.get(state, 0L);
  }

  OsException fault(String what, byte[] name) {
    return new OsException(what, name, errno());
  }

  /// Handles declare `Throwable`, but throw only programming and linkage errors.
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    throw new IllegalStateException(e);
  }

  @Override
  public void close() {
    arena.close();
  }
}
