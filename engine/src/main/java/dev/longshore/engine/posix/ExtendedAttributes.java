package dev.longshore.engine.posix;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Extended attributes of a name in an open directory; of a symbolic link, its own. Access-control
/// lists and file capabilities are attributes too. Terms as in [Posix].
public final class ExtendedAttributes {
  private static final int MAX_BYTES = NativeFrame.RESULT_BYTES;

  /// There is a call relative to a directory, and we may make it.
  private static final boolean HAS_LISTXATTRAT = probe();

  private ExtendedAttributes() {}

  private static boolean probe() {
    try (NativeFrame frame = NativeFrame.open()) {
      long root = frame.text(new byte[] {'/'});
      return listAt(frame, Posix.AT_FDCWD, root, frame.take(MAX_BYTES)) >= 0;
    } catch (OsException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The names of a file's attributes; none where the file system has no attributes. A byte that is
  /// not UTF-8 becomes U+FFFD: see [#isExact].
  public static List<String> list(int directory, byte[] name) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(HAS_LISTXATTRAT ? name : procPath(directory, name));
      int names = frame.take(MAX_BYTES);
      long n =
          HAS_LISTXATTRAT
              ? listAt(frame, directory, path, names)
              : frame.call(SystemCall.LLISTXATTR, path, frame.address(names), MAX_BYTES);
      return names(frame, n, names, name);
    }
  }

  /// The names of an open file's attributes, as [#list(int, byte[])].
  public static List<String> list(int fd) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      int names = frame.take(MAX_BYTES);
      long n = frame.call(SystemCall.FLISTXATTR, fd, frame.address(names), MAX_BYTES);
      return names(frame, n, names, NativeFrame.NO_NAME);
    }
  }

  private static List<String> names(NativeFrame frame, long n, int names, byte[] file)
      throws OsException {
    if (n == 0 || (n < 0 && frame.errno() == Errno.EOPNOTSUPP)) {
      return List.of();
    }
    if (n < 0) {
      throw frame.fault("listxattr", file);
    }
    byte[] found = new byte[(int) n];
    frame.bytes().get(names, found);
    return split(found);
  }

  private static long listAt(NativeFrame frame, int directory, long path, int names) {
    return frame.call(
        SystemCall.LISTXATTRAT,
        directory,
        path,
        Posix.AT_SYMLINK_NOFOLLOW,
        frame.address(names),
        MAX_BYTES);
  }

  private static List<String> split(byte[] names) {
    List<String> list = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < names.length; i++) {
      if (names[i] == 0) {
        list.add(new String(names, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    return list;
  }

  /// Tells whether a name that was listed is as the system has it, so that it can be asked for.
  public static boolean isExact(String attribute) {
    return attribute.indexOf('\ufffd') < 0;
  }

  /// The value of an attribute.
  ///
  /// @throws OsException `ENODATA` if the file has it not
  public static byte[] get(int directory, byte[] name, String attribute) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(procPath(directory, name));
      long key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      int value = frame.take(MAX_BYTES);
      long n = frame.call(SystemCall.LGETXATTR, path, key, frame.address(value), MAX_BYTES, 0);
      if (n < 0) {
        throw frame.fault("getxattr", name);
      }
      byte[] found = new byte[(int) n];
      frame.bytes().get(value, found);
      return found;
    }
  }

  /// The value of an open file's attribute; empty if the file has it not.
  public static Optional<byte[]> get(int fd, String attribute) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      int value = frame.take(MAX_BYTES);
      long n = frame.call(SystemCall.FGETXATTR, fd, key, frame.address(value), MAX_BYTES, 0);
      if (n < 0 && (frame.errno() == Errno.ENODATA || frame.errno() == Errno.EOPNOTSUPP)) {
        return Optional.empty();
      }
      if (n < 0) {
        throw frame.fault("getxattr", NativeFrame.NO_NAME);
      }
      byte[] found = new byte[(int) n];
      frame.bytes().get(value, found);
      return Optional.of(found);
    }
  }

  /// Sets an attribute.
  ///
  /// @param value up to 64 KiB
  public static void set(int directory, byte[] name, String attribute, byte[] value)
      throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(procPath(directory, name));
      long key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      int data = frame.take(value.length);
      frame.bytes().put(data, value);
      frame.check(
          frame.call(SystemCall.LSETXATTR, path, key, frame.address(data), value.length, 0),
          "setxattr",
          name);
    }
  }

  /// Sets an attribute of an open file or directory.
  ///
  /// @param value up to 64 KiB
  public static void set(int fd, String attribute, byte[] value) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      int data = frame.take(value.length);
      frame.bytes().put(data, value);
      frame.check(
          frame.call(SystemCall.FSETXATTR, fd, key, frame.address(data), value.length, 0),
          "setxattr",
          NativeFrame.NO_NAME);
    }
  }

  /// Takes an attribute from an open file or directory.
  ///
  /// @throws OsException `ENODATA` if it has it not
  public static void remove(int fd, String attribute) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      frame.check(
          frame.call(SystemCall.FREMOVEXATTR, fd, key, 0), "removexattr", NativeFrame.NO_NAME);
    }
  }

  /// The other calls are not relative to a directory; its entry under `/proc` makes them so.
  private static byte[] procPath(int directory, byte[] name) {
    if (directory == Posix.AT_FDCWD) {
      return name;
    }
    byte[] prefix = ("/proc/self/fd/" + directory + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
    System.arraycopy(name, 0, path, prefix.length, name.length);
    return path;
  }
}
