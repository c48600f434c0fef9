package dev.longshore.engine.source;

/// Sorts numbers by an order that somebody else knows, for data kept packed. By merging, because no
/// input makes it slow.
public final class IndexSort {
  /// Compares two of the things that the numbers stand for.
  @FunctionalInterface
  public interface Order {
    int compare(int a, int b);
  }

  private final Order order;

  private IndexSort(Order order) {
    this.order = order;
  }

  /// The numbers 0..count-1 in order; those that compare equal stay as they are.
  public static int[] sort(int count, Order order) {
    int[] sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = i;
    }
    new IndexSort(order).sort(sorted, sorted.clone(), 0, count);
    return sorted;
  }

  /// Sorts `from`, which equals `to` before, into `to`.
  private void sort(int[] to, int[] from, int start, int end) {
    if (end - start < 2) {
      return;
    }
    int middle = (start + end) >>> 1;
    sort(from, to, start, middle);
    sort(from, to, middle, end);
    if (order.compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, start, to, start, end - start);
      return;
    }
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          left < middle && (right == end || order.compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
