package dev.longshore.engine.source;

import java.io.IOException;
import java.util.Arrays;

/// The names of one directory, packed: a few bytes more than the names themselves, so that a
/// directory of millions can be sorted.
///
/// Each name is stored behind a byte that is 0 for a directory and 1 for the rest; the unsigned
/// order of these strings is the order of a stored directory. Not thread-safe.
final class NameList {
  private static final int MAX_BYTES = 1 << 30;
  private static final byte DIRECTORY = 0;
  private static final byte OTHER = 1;

  private byte[] bytes = new byte[4096];
  private int[] starts = new int[64];
  private int count;
  private int size;

  int count() {
    return count;
  }

  /// Adds a name.
  ///
  /// @throws IOException if the names exceed 1 GiB
  void add(boolean isDirectory, byte[] name) throws IOException {
    if (size > MAX_BYTES - name.length - 1) {
      throw new IOException("a directory of more than " + MAX_BYTES + " bytes of names");
    }
    int needed = size + name.length + 1;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, (int) Math.min(MAX_BYTES, bytes.length * 2L)));
    }
    // One start more than names: the end of the last.
    if (count + 2 > starts.length) {
      starts = Arrays.copyOf(starts, starts.length * 2);
    }
    starts[count++] = size;
    bytes[size] = isDirectory ? DIRECTORY : OTHER;
    System.arraycopy(name, 0, bytes, size + 1, name.length);
    size = needed;
    starts[count] = size;
  }

  /// Sorts the names; none may be added after.
  Sorted sort() {
    return new Sorted(IndexSort.sort(count, this::compare));
  }

  private int compare(int a, int b) {
    return Arrays.compareUnsigned(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
  }

  /// The names in order.
  final class Sorted {
    private final int[] order;

    private Sorted(int[] order) {
      this.order = order;
    }

    int count() {
      return order.length;
    }

    /// A copy of the name at a place.
    byte[] name(int index) {
      int i = order[index];
      return Arrays.copyOfRange(bytes, starts[i] + 1, starts[i + 1]);
    }

    boolean isDirectory(int index) {
      return bytes[starts[order[index]]] == DIRECTORY;
    }

    /// Tells whether the name is there, as a directory or as something else.
    boolean contains(byte[] name) {
      return search(DIRECTORY, name) || search(OTHER, name);
    }

    private boolean search(byte kind, byte[] name) {
      int low = 0;
      int high = order.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int i = order[middle];
        int difference = Byte.compare(bytes[starts[i]], kind);
        if (difference == 0) {
          difference =
              Arrays.compareUnsigned(bytes, starts[i] + 1, starts[i + 1], name, 0, name.length);
        }
        if (difference == 0) {
          return true;
        }
        if (difference < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return false;
    }
  }
}
