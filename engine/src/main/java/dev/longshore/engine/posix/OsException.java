package dev.longshore.engine.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A file call that the system refused: `open a/b: permission denied`.
public final class OsException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  /// @param call what was tried: `open`, `lstat`
  /// @param name raw bytes of the name it was tried on, or empty
  public OsException(String call, byte[] name, int errno) {
    super(call + describe(name) + ": " + Errno.message(errno));
    this.call = call;
    this.errno = errno;
  }

  private static String describe(byte[] name) {
    return name.length == 0 ? "" : " " + new String(name, StandardCharsets.UTF_8);
  }

  /// What was tried.
  public String call() {
    return call;
  }

  /// The system's number of the fault, one of [Errno].
  public int errno() {
    return errno;
  }

  /// The fault in words, without call and name: `permission denied`.
  public String reason() {
    return Errno.message(errno);
  }
}
