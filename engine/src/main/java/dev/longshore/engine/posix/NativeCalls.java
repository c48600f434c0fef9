package dev.longshore.engine.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// Handles of the C library's calls. Each takes a segment of layout [#STATE] first, where errno is
/// left.
///
/// `statx` rather than `stat`: its layout is the same on every processor.
final class NativeCalls {
  static final StructLayout STATE = Linker.Option.captureStateLayout();
  static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

  static final MethodHandle OPENAT = variadic("openat", 3, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle CLOSE = ofInt("close", JAVA_INT);
  static final MethodHandle STATX = ofInt("statx", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  static final MethodHandle GETDENTS64 = ofLong("getdents64", JAVA_INT, ADDRESS, JAVA_LONG);
  static final MethodHandle READLINKAT =
      ofLong("readlinkat", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle PREAD = ofLong("pread", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  static final MethodHandle PWRITE = ofLong("pwrite", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  static final MethodHandle LSEEK = ofLong("lseek", JAVA_INT, JAVA_LONG, JAVA_INT);
  static final MethodHandle FADVISE =
      ofInt("posix_fadvise", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  static final MethodHandle FTRUNCATE = ofInt("ftruncate", JAVA_INT, JAVA_LONG);
  static final MethodHandle FALLOCATE =
      ofInt("fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  static final MethodHandle FSYNC = ofInt("fsync", JAVA_INT);
  static final MethodHandle UTIMENSAT = ofInt("utimensat", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  static final MethodHandle FCHOWNAT =
      ofInt("fchownat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  static final MethodHandle FUTIMENS = ofInt("futimens", JAVA_INT, ADDRESS);
  static final MethodHandle FCHOWN = ofInt("fchown", JAVA_INT, JAVA_INT, JAVA_INT);
  static final MethodHandle FCHMOD = ofInt("fchmod", JAVA_INT, JAVA_INT);
  static final MethodHandle FCHMODAT = ofInt("fchmodat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  static final MethodHandle SYMLINKAT = ofInt("symlinkat", ADDRESS, JAVA_INT, ADDRESS);
  static final MethodHandle LINKAT =
      ofInt("linkat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  static final MethodHandle MKDIRAT = ofInt("mkdirat", JAVA_INT, ADDRESS, JAVA_INT);
  static final MethodHandle MKNODAT = ofInt("mknodat", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  static final MethodHandle UNLINKAT = ofInt("unlinkat", JAVA_INT, ADDRESS, JAVA_INT);
  static final MethodHandle RENAMEAT = ofInt("renameat", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  static final MethodHandle LLISTXATTR = ofLong("llistxattr", ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle LGETXATTR = ofLong("lgetxattr", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  static final MethodHandle LSETXATTR =
      ofInt("lsetxattr", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  static final MethodHandle IOCTL = variadic("ioctl", 2, JAVA_INT, JAVA_LONG, ADDRESS);

  private NativeCalls() {}

  private static MethodHandle ofInt(String name, ValueLayout... arguments) {
    return handle(name, FunctionDescriptor.of(JAVA_INT, arguments), CAPTURE);
  }

  private static MethodHandle ofLong(String name, ValueLayout... arguments) {
    return handle(name, FunctionDescriptor.of(JAVA_LONG, arguments), CAPTURE);
  }

  private static MethodHandle variadic(String name, int fixed, ValueLayout... arguments) {
    return handle(
        name,
        FunctionDescriptor.of(JAVA_INT, arguments),
        CAPTURE,
        Linker.Option.firstVariadicArg(fixed));
  }

  // Only C library calls, whose descriptors are those of their manual pages.
  @SuppressWarnings("restricted")
  private static MethodHandle handle(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
