package dev.longshore.engine.index;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.index.IndexRow;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several runs as one: of each id the entry in force, as [IndexEntry#supersedes] has it. For one
/// owner.
final class RunMerge {
  /// A heap: runs that stand at an entry, the smallest id first.
  private final Run[] heap;

  private int size;

  /// The first of the heap was returned, alone with its id, and is moved on by the next call.
  private boolean standing;

  /// Runs that stood at the id returned; not in the heap, put back by the next call.
  private final Run[] met;

  private int meeting;

  RunMerge(List<? extends Run> runs) throws RepositoryException {
    this.heap = new Run[runs.size()];
    this.met = new Run[runs.size()];
    for (Run run : runs) {
      add(run);
    }
  }

  private void add(Run run) throws RepositoryException {
    if (run.next()) {
      heap[size] = run;
      for (int i = size++; i > 0 && less(i, (i - 1) / 2); i = (i - 1) / 2) {
        swap(i, (i - 1) / 2);
      }
    }
  }

  private boolean less(int a, int b) {
    return Arrays.compareUnsigned(heap[a].row().key, heap[b].row().key) < 0;
  }

  private void swap(int a, int b) {
    Run run = heap[a];
    heap[a] = heap[b];
    heap[b] = run;
  }

  private void sink() {
    for (int i = 0; ; ) {
      int child = 2 * i + 1;
      if (child >= size) {
        return;
      }
      if (child + 1 < size && less(child + 1, child)) {
        child++;
      }
      if (!less(child, i)) {
        return;
      }
      swap(i, child);
      i = child;
    }
  }

  private Run takeFirst() {
    Run first = heap[0];
    heap[0] = heap[--size];
    sink();
    return first;
  }

  /// The run that stands at the next entry in force; null at the end. It stands there until the
  /// next call.
  @Nullable Run next() throws RepositoryException {
    moveOn();
    if (size == 0) {
      return null;
    }
    if (!sameAsFirst(1) && !sameAsFirst(2)) {
      standing = true;
      return heap[0];
    }
    Run best = takeFirst();
    met[meeting++] = best;
    while (size > 0 && sameKey(heap[0], best)) {
      Run other = takeFirst();
      met[meeting++] = other;
      best = supersedes(other, best) ? other : best;
    }
    return best;
  }

  private void moveOn() throws RepositoryException {
    if (standing) {
      standing = false;
      if (!heap[0].next()) {
        heap[0] = heap[--size];
      }
      sink();
    }
    for (int i = 0; i < meeting; i++) {
      add(met[i]);
    }
    meeting = 0;
  }

  private boolean sameAsFirst(int i) {
    return i < size && sameKey(heap[i], heap[0]);
  }

  private static boolean sameKey(Run a, Run b) {
    return Arrays.equals(a.row().key, b.row().key);
  }

  /// As [IndexEntry#supersedes], and looks at names only if need be.
  private static boolean supersedes(Run run, Run other) throws RepositoryException {
    IndexRow row = run.row();
    IndexRow against = other.row();
    if (row.timestampSeconds != against.timestampSeconds) {
      return row.timestampSeconds > against.timestampSeconds;
    }
    if (row.deleted != against.deleted) {
      return !row.deleted;
    }
    BlobId pack = run.pack(row.pack);
    return pack.compareTo(other.pack(against.pack)) > 0;
  }
}
