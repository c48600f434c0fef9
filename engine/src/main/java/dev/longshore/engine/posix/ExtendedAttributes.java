package dev.longshore.engine.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Extended attributes of a name in an open directory; of a symbolic link, its own. Access-control
/// lists and file capabilities are attributes too. Terms as in [Posix].
public final class ExtendedAttributes {
  private static final int MAX_BYTES = 64 << 10;

  private ExtendedAttributes() {}

  /// The names of a file's attributes; none where the file system has no attributes.
  public static List<String> list(int directory, byte[] name) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment path = frame.text(procPath(directory, name));
      long n = list(frame, path, MemorySegment.NULL);
      if (n == 0 || (n < 0 && frame.errno() == Errno.EOPNOTSUPP)) {
        return List.of();
      }
      MemorySegment buffer = frame.take(MAX_BYTES);
      n = n < 0 ? n : list(frame, path, buffer);
      if (n < 0) {
        throw frame.fault("listxattr", name);
      }
      return split(buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
    }
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

  private static long list(NativeFrame frame, MemorySegment path, MemorySegment buffer) {
    try {
      return (long)
          NativeCalls.LLISTXATTR.invokeExact(frame.state, path, buffer, buffer.byteSize());
    } catch (Throwable e) {
      throw NativeFrame.unexpected(e);
    }
  }

  /// The value of an attribute.
  ///
  /// @throws OsException `ENODATA` if the file has it not
  public static byte[] get(int directory, byte[] name, String attribute) throws OsException {
    try (NativeFrame frame = new NativeFrame()) {
      MemorySegment path = frame.text(procPath(directory, name));
      MemorySegment key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
      MemorySegment buffer = frame.take(MAX_BYTES);
      long n;
      try {
        n =
            (long)
                NativeCalls.LGETXATTR.invokeExact(
                    frame.state, path, key, buffer, buffer.byteSize());
      } catch (Throwable e) {
        throw NativeFrame.unexpected(e);
      }
      if (n < 0) {
        throw frame.fault("getxattr", name);
      }
      return buffer.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /// Sets an attribute.
  public static void set(int directory, byte[] name, String attribute, byte[] value)
      throws OsException {
    NativeFrame.run(
        "setxattr",
        name,
        frame -> {
          MemorySegment path = frame.text(procPath(directory, name));
          MemorySegment key = frame.text(attribute.getBytes(StandardCharsets.UTF_8));
          MemorySegment data = frame.take(Math.max(1, value.length));
          MemorySegment.copy(value, 0, data, ValueLayout.JAVA_BYTE, 0, value.length);
          return (int)
              NativeCalls.LSETXATTR.invokeExact(
                  frame.state, path, key, data, (long) value.length, 0);
        });
  }

  /// There are no attribute calls relative to a directory; its entry under `/proc` makes one.
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
