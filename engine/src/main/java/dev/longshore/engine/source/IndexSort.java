package dev.longshore.engine.source;

/// Sorts numbers by an order that somebody else knows, for data kept packed. By merging, because no
/// input makes it slow.
public final class IndexSort {
  /// Compares two of the things that the numbers stand for.
  @FunctionalInterface
  public interface Order {
    int compare(int a, int b);
  }

  private IndexSort() {}

  /// The numbers 0..count-1 in order; those that compare equal stay as they are.
  public static int[] sort(int count, Order order) {
    int[] from = new int[count];
    for (int i = 0; i < count; i++) {
      from[i] = i;
    }
    int[] to = new int[count];
    // From the bottom up: the recursive form is inlined into itself, and took the JIT compiler
    // longer than all its work.
    for (long width = 1; width < count; width *= 2) {
      for (long start = 0; start < count; start += 2 * width) {
        int middle = (int) Math.min(start + width, count);
        int end = (int) Math.min(start + 2 * width, count);
        merge(from, to, new Runs((int) start, middle, end), order);
      }
      int[] merged = to;
      to = from;
      from = merged;
    }
    return from;
  }

  /// Two neighbouring runs, each sorted: `start..middle` and `middle..end`.
  private record Runs(int start, int middle, int end) {}

  private static void merge(int[] from, int[] to, Runs runs, Order order) {
    int middle = runs.middle;
    int end = runs.end;
    if (middle == end || order.compare(from[middle - 1], from[middle]) <= 0) {
      System.arraycopy(from, runs.start, to, runs.start, end - runs.start);
      return;
    }
    int left = runs.start;
    int right = middle;
    for (int i = left; i < end; i++) {
      boolean takeLeft =
          left < middle && (right == end || order.compare(from[left], from[right]) <= 0);
      to[i] = takeLeft ? from[left++] : from[right++];
    }
  }
}
