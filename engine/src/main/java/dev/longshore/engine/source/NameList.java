package dev.longshore.engine.source;

import java.io.IOException;
import java.util.Arrays;

/// The names of one directory, packed: a few bytes more than the names themselves, so that a directory of
/// millions can be sorted.
///
/// Each name is stored behind a byte that is 0 for a directory and 1 for the rest; the unsigned order of
/// these strings is the order of a stored directory. Not thread-safe.
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
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    mergeSort(order, order.clone(), 0, count);
    return new Sorted(order);
  }

  /// Sorts `from` (a copy of `to`) into `to`: merging, because no input makes it slow.
  private void mergeSort(int[] to, int[] from, int start, int end) {
    if (end - start < 2) {
      return;
    }
    int middle = (start + end) >>> 1;
    mergeSort(from, to, start, middle);
    mergeSort(from, to, middle, end);
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          left < middle && (right == end || compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int a, int b) {
    return Arrays.compareUnsigned(
        bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
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
