package dev.longshore.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The native memory of one call: where errno is left, and the call's strings.
final class NativeFrame implements AutoCloseable {
  static final byte[] NO_NAME = {};

  final Arena arena = Arena.ofConfined();
  final MemorySegment state = arena.allocate(NativeCalls.STATE);

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

  /// A C string of raw bytes.
  ///
  /// @throws OsException `EINVAL` if a NUL is in it, which would end it early
  MemorySegment text(byte[] text) throws OsException {
    for (byte b : text) {
      if (b == 0) {
        throw new OsException("name", text, Errno.EINVAL);
      }
    }
    MemorySegment segment = arena.allocate(text.length + 1L);
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
