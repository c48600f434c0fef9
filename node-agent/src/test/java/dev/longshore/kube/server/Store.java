package dev.longshore.kube.server;

import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The objects, and what happened to them since the last compaction. Guarded by the server's lock.
final class Store {
  /// So many entries are kept at most; older ones are compacted away.
  private static final int MAX_ENTRIES = 200_000;

  private final Map<String, TreeMap<String, KubeObject>> kinds = new HashMap<>();
  private final List<Entry> log = new ArrayList<>();
  private long dropped;
  // Before a number of one digit more: who compares versions as texts is found out early.
  private long revision = 993;
  private long compacted = 992;

  /// A change, or a bookmark for all watches.
  ///
  /// @param kind null for a bookmark
  /// @param before null when it was made
  /// @param after null when it was removed
  record Entry(
      long revision,
      @Nullable Kind kind,
      @Nullable KubeObject before,
      @Nullable KubeObject after) {}

  String version() {
    return Long.toString(revision);
  }

  long revision() {
    return revision;
  }

  static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  private static String key(KubeObject object) {
    return key(object.namespace(), object.name());
  }

  @Nullable KubeObject find(Kind kind, String namespace, String name) {
    return of(kind).get(key(namespace, name));
  }

  SortedMap<String, KubeObject> of(Kind kind) {
    return kinds.computeIfAbsent(kind.id(), id -> new TreeMap<>());
  }

  /// Keeps an object under the next version.
  KubeObject put(Kind kind, KubeObject object) {
    revision++;
    KubeObject kept = object.with(version(), "metadata", "resourceVersion");
    KubeObject before = of(kind).put(key(kept), kept);
    append(new Entry(revision, kind, before, kept));
    return kept;
  }

  /// Removes an object; its last state carries the version of the removal.
  KubeObject remove(Kind kind, KubeObject object) {
    revision++;
    of(kind).remove(key(object));
    KubeObject last = object.with(version(), "metadata", "resourceVersion");
    append(new Entry(revision, kind, last, null));
    return last;
  }

  void bookmark() {
    append(new Entry(revision, null, null, null));
  }

  private void append(Entry entry) {
    log.add(entry);
    if (log.size() > MAX_ENTRIES) {
      forget(MAX_ENTRIES / 2);
    }
  }

  /// Forgets all changes up to now.
  void compact() {
    forget(log.size());
    compacted = revision;
  }

  private void forget(int entries) {
    if (entries > 0) {
      compacted = log.get(entries - 1).revision();
      log.subList(0, entries).clear();
      dropped += entries;
    }
  }

  /// Where a watch from a version begins.
  ///
  /// @throws KubeException 410 if the version was compacted, 400 if it never was
  long positionAfter(String version) throws KubeException {
    long from = parse(version);
    if (from < compacted) {
      throw Failures.expired(version);
    }
    int low = 0;
    int high = log.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (log.get(middle).revision() <= from) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return dropped + low;
  }

  private static long parse(String version) throws KubeException {
    if (!version.matches("[0-9]{1,18}")) {
      throw Failures.bad("Invalid value: \"%s\": not a resource version".formatted(version));
    }
    return Long.parseLong(version);
  }

  long firstPosition() {
    return dropped;
  }

  long endPosition() {
    return dropped + log.size();
  }

  Entry entry(long position) {
    return log.get((int) (position - dropped));
  }

  /// The objects of a kind as they were at an earlier version.
  SortedMap<String, KubeObject> asOf(Kind kind, String version) throws KubeException {
    long first = positionAfter(version);
    TreeMap<String, KubeObject> then = new TreeMap<>(of(kind));
    for (long position = endPosition() - 1; position >= first; position--) {
      Entry entry = entry(position);
      if (entry.kind() == null || !entry.kind().id().equals(kind.id())) {
        continue;
      }
      KubeObject before = entry.before();
      KubeObject after = entry.after();
      if (before != null) {
        then.put(key(before), before);
      } else if (after != null) {
        then.remove(key(after));
      }
    }
    return then;
  }
}
