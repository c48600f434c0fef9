package dev.longshore.engine.posix;

/// The system calls in use, with their numbers. Arguments are those of the manual pages, section 2.
///
/// By number rather than through the C library's function for each: the handle of every such
/// function is code that the JVM makes anew in each process, which took longer than thousands of
/// calls.
///
/// Source: Linux `arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h`.
enum SystemCall {
  CLOSE(3, 57),
  FADVISE(221, 223),
  FALLOCATE(285, 47),
  FCHMOD(91, 52),
  FCHOWN(93, 55),
  FCHOWNAT(260, 54),
  FGETXATTR(193, 10),
  FLISTXATTR(196, 13),
  FLOCK(73, 32),
  FREMOVEXATTR(199, 16),
  FSETXATTR(190, 7),
  FSYNC(74, 82),
  FTRUNCATE(77, 46),
  GETDENTS64(217, 61),
  IOCTL(16, 29),
  LGETXATTR(192, 9),
  LINKAT(265, 37),
  /// Since Linux 6.13.
  LISTXATTRAT(465, 465),
  LLISTXATTR(195, 12),
  LSEEK(8, 62),
  LSETXATTR(189, 6),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  OPENAT(257, 56),
  PREAD(17, 67),
  /// Since Linux 4.6.
  PREADV2(327, 286),
  PWRITE(18, 68),
  READLINKAT(267, 78),
  RENAMEAT(264, 38),
  STATX(332, 291),
  SYMLINKAT(266, 36),
  SYNCFS(306, 267),
  UNLINKAT(263, 35),
  UTIMENSAT(280, 88);

  final long number;

  SystemCall(int x86, int arm) {
    number = Posix.ARM ? arm : x86;
  }
}
