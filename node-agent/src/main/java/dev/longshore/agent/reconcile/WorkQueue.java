package dev.longshore.agent.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Keys and when each is to be looked at. For use by one thread.
///
/// @param <K> the keys
final class WorkQueue<K extends Comparable<K>> {
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 5;

  private final TreeSet<Entry<K>> order = new TreeSet<>();
  private final Map<K, Entry<K>> entries = new HashMap<>();
  private final Map<K, Integer> failures = new HashMap<>();

  private record Entry<K extends Comparable<K>>(Instant due, K key)
      implements Comparable<Entry<K>> {
    @Override
    public int compareTo(Entry<K> other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }

  /// Has a key looked at no later than a time.
  void add(K key, Instant due) {
    Entry<K> before = entries.get(key);
    if (before != null) {
      if (!due.isBefore(before.due())) {
        return;
      }
      order.remove(before);
    }
    Entry<K> entry = new Entry<>(due, key);
    entries.put(key, entry);
    order.add(entry);
  }

  /// Has a key looked at again after it failed, later each time.
  void failed(K key, Instant now) {
    int count = failures.merge(key, 1, Integer::sum);
    add(key, now.plus(FIRST_DELAY.multipliedBy(1L << Math.min(count - 1, MOST_DOUBLINGS))));
  }

  void succeeded(K key) {
    failures.remove(key);
  }

  /// Takes the first key that is due.
  Optional<K> take(Instant now) {
    if (order.isEmpty() || order.first().due().isAfter(now)) {
      return Optional.empty();
    }
    Entry<K> first = order.removeFirst();
    entries.remove(first.key());
    return Optional.of(first.key());
  }

  /// When the next key is due.
  Optional<Instant> next() {
    return order.isEmpty() ? Optional.empty() : Optional.of(order.first().due());
  }

  int size() {
    return order.size();
  }

  void clear() {
    order.clear();
    entries.clear();
    failures.clear();
  }
}
