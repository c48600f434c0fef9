package dev.longshore.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;

/// The native memory of one call: where errno is left, the call's strings, and what it returns in
/// memory. One thread's while it is open.
///
/// Frames are lent and never freed; there are as many as were ever open at once, and of each only
/// the pages that were touched take memory.
final class NativeFrame implements AutoCloseable {
  static final byte[] NO_NAME = {};

  /// Room for what a call returns, behind two strings.
  static final int RESULT_BYTES = 64 << 10;

  /// The system takes no string of more than 4,096 bytes, its NUL included.
  private static final int MAX_TEXT = 4096;

  private static final int BYTES = RESULT_BYTES + 4 * MAX_TEXT;
  private static final int STATE_BYTES = 8;
  private static final ArrayDeque<NativeFrame> FREE = new ArrayDeque<>();

  private final MemorySegment state;
  private final ByteBuffer bytes;
  private final long address;
  private int used = STATE_BYTES;

  private NativeFrame() {
    MemorySegment block = Arena.global().allocate(BYTES, 4096);
    state = block.asSlice(0, NativeCalls.STATE.byteSize());
    bytes = block.asByteBuffer().order(ByteOrder.nativeOrder());
    address = block.address();
  }

  /// Borrows a frame until it is closed.
  static NativeFrame open() {
    NativeFrame frame;
    synchronized (FREE) {
      frame = FREE.poll();
    }
    return frame == null ? new NativeFrame() : frame;
  }

  @Override
  public void close() {
    used = STATE_BYTES;
    synchronized (FREE) {
      FREE.push(this);
    }
  }

  /// Makes a call with up to five arguments; its result, -1 if it was refused.
  long call(SystemCall call, long a, long b, long c, long d, long e) {
    return call(call, a, b, c, d, e, 0);
  }

  /// Makes a call with up to six arguments.
  long call(SystemCall call, long a, long b, long c, long d, long e, long f) {
    return NativeCalls.call(state, call.number, a, b, c, d, e, f);
  }

  /// Makes a call with up to three arguments.
  long call(SystemCall call, long a, long b, long c) {
    return call(call, a, b, c, 0, 0, 0);
  }

  /// Sets memory aside, aligned to 8 bytes, with whatever is in it; returns its place for [#bytes].
  int take(int count) {
    int start = (used + 7) & -8;
    if (count > BYTES - start) {
      throw new IllegalArgumentException(count + " bytes for a call");
    }
    used = start + count;
    return start;
  }

  /// The memory, in the processor's order of bytes.
  ByteBuffer bytes() {
    return bytes;
  }

  /// What the system knows a place by.
  long address(int place) {
    return address + place;
  }

  /// Puts a C string of raw bytes; returns its address.
  ///
  /// @throws OsException `EINVAL` if a NUL is in it, which would end it early
  long text(byte[] text) throws OsException {
    for (byte b : text) {
      if (b == 0) {
        throw new OsException("name", text, Errno.EINVAL);
      }
    }
    if (text.length >= MAX_TEXT) {
      throw new OsException("name", text, Errno.ENAMETOOLONG);
    }
    int start = take(text.length + 1);
    bytes.put(start, text).put(start + text.length, (byte) 0);
    return address(start);
  }

  int errno() {
    return bytes.getInt(0);
  }

  OsException fault(String what, byte[] name) {
    return new OsException(what, name, errno());
  }

  /// Turns the refusal of a call that answers 0 into an exception.
  void check(long result, String what, byte[] name) throws OsException {
    if (result != 0) {
      throw fault(what, name);
    }
  }
}
