package dev.longshore.engine.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Names of what a finding is about: the first of them in order, and how many there are, which are
/// counted and not kept. Thread-safe.
final class Names {
  private final TreeSet<String> first = new TreeSet<>();
  private long count;

  synchronized void add(String name) {
    count++;
    first.add(name);
    if (first.size() > Finding.MAX_DETAILS) {
      first.pollLast();
    }
  }

  synchronized boolean isEmpty() {
    return count == 0;
  }

  /// How often a name was added.
  synchronized long count() {
    return count;
  }

  /// The first names, and how many there are more.
  synchronized List<String> details() {
    return details(count);
  }

  /// As above, if names were added more than once.
  ///
  /// @param total different names
  synchronized List<String> details(long total) {
    List<String> details = new ArrayList<>(first);
    if (total > first.size()) {
      details.add("and " + (total - first.size()) + " more");
    }
    return details;
  }
}
