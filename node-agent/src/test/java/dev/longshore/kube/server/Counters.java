package dev.longshore.kube.server;

import dev.longshore.kube.Resource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// How many requests came. Safe for use by many threads.
public final class Counters {
  private final Map<Key, Long> counts = new TreeMap<>();

  private record Key(String user, Verb verb, String resource) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return user + " " + verb.text() + " " + resource;
    }
  }

  synchronized void add(Request request) {
    String resource =
        request.resource() + (request.subresource().isEmpty() ? "" : "/" + request.subresource());
    counts.merge(new Key(request.user(), request.verb(), resource), 1L, Long::sum);
  }

  private synchronized long sum(Predicate<Key> keys) {
    return counts.entrySet().stream()
        .filter(entry -> keys.test(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  public long of(Verb verb, Resource resource) {
    return sum(key -> key.verb() == verb && key.resource().equals(resource.toString()));
  }

  public long of(String user) {
    return sum(key -> key.user().equals(user));
  }

  public long writes() {
    return sum(key -> key.verb().isWrite());
  }

  public long writesOf(String user) {
    return sum(key -> key.verb().isWrite() && key.user().equals(user));
  }

  public long total() {
    return sum(key -> true);
  }

  public synchronized void reset() {
    counts.clear();
  }

  /// A line per user, verb and resource.
  @Override
  public synchronized String toString() {
    StringBuilder lines = new StringBuilder();
    counts.forEach((key, count) -> lines.append(key).append(": ").append(count).append('\n'));
    return lines.toString();
  }
}
