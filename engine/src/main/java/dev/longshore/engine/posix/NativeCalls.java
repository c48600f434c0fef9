package dev.longshore.engine.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/// The C library's `syscall`, which makes any call of the system.
final class NativeCalls {
  /// Where errno is left: on Linux, nothing but its four bytes.
  static final StructLayout STATE = Linker.Option.captureStateLayout();

  private static final MethodHandle SYSCALL = syscall();

  private NativeCalls() {}

  // The number and six arguments, which is as many as any call takes.
  @SuppressWarnings("restricted")
  private static MethodHandle syscall() {
    Linker linker = Linker.nativeLinker();
    FunctionDescriptor descriptor =
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        descriptor,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(1));
  }

  /// Makes a call: its result, or -1 with errno in `state`. What an argument does not need of its
  /// 64 bits, the system does not look at.
  static long call(
      MemorySegment state,
      long number,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f) { // as the system has it
    try {
      return (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
    } catch (Error | RuntimeException fault) {
      throw fault;
    } catch (Throwable fault) {
      // Handles declare it, but throw only programming and linkage errors.
      throw new IllegalStateException(fault);
    }
  }
}
