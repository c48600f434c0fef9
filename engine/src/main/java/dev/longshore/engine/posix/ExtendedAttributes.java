package dev.longshore.engine.posix;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

  /// The names of a file's attributes; none where the file system has no attributes.
  public static List<String> list(int directory, byte[] name) throws OsException {
    try (NativeFrame frame = NativeFrame.open()) {
      long path = frame.text(HAS_LISTXATTRAT ? name : procPath(directory, name));
      int names = frame.take(MAX_BYTES);
      long n =
          HAS_LISTXATTRAT
              ? listAt(frame, directory, path, names)
              : frame.call(SystemCall.LLISTXATTR, path, frame.address(names), MAX_BYTES);
      if (n == 0 || (n < 0 && frame.errno() == Errno.EOPNOTSUPP)) {
        return List.of();
      }
      if (n < 0) {
        throw frame.fault("listxattr", name);
      }
      byte[] found = new byte[(int) n];
      frame.bytes().get(names, found);
      return split(found);
    }
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
