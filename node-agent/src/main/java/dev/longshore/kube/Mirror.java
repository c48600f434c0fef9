package dev.longshore.kube;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// A copy of the objects of one kind, kept by a list and a watch. It may be late, and says only
/// that an object changed, never how: who reads it compares what is with what should be.
///
/// One thread at a time calls [#step] and nothing else happens; the rest is safe for use by many
/// threads.
public final class Mirror implements AutoCloseable {
  private static final Duration FIRST_DELAY = Duration.ofMillis(500);
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(60);

  /// A watch that lived so long was no failure.
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private static final int EVENTS_PER_STEP = 1000;

  private final KubeApi api;
  private final Scope scope;
  private final Pace pace;
  private final Listener listener;
  private final Map<Key, KubeObject> objects = new ConcurrentSkipListMap<>();

  private volatile boolean synced;
  private volatile boolean closed;
  private volatile @Nullable KubeException failure;
  private volatile @Nullable Watch watch;
  private volatile Instant pausedUntil = Instant.MIN;

  // Of the thread that steps.
  private String version = "";
  private Instant watchedSince = Instant.MIN;
  private boolean heard;
  private int failures;

  /// What is copied.
  ///
  /// @param namespace empty for all of them
  /// @param selection its selectors count
  public record Scope(Resource resource, String namespace, ListOptions selection) {}

  /// Is told what changed, in the thread that steps, when the copy has it. Must not fail.
  @FunctionalInterface
  public interface Listener {
    /// An object came, changed or went.
    ///
    /// @param namespace empty for a kind without namespaces
    void changed(String namespace, String name);
  }

  private record Key(String namespace, String name) implements Comparable<Key> {
    static Key of(KubeObject object) {
      return new Key(object.namespace(), object.name());
    }

    @Override
    public int compareTo(Key other) {
      int order = namespace.compareTo(other.namespace);
      return order != 0 ? order : name.compareTo(other.name);
    }
  }

  public Mirror(KubeApi api, Scope scope, Pace pace, Listener listener) {
    this.api = api;
    this.scope = scope;
    this.pace = pace;
    this.listener = listener;
  }

  /// Lists if that has to be done, or takes what the watch has. Failures of the API end up in
  /// [#failure], and in a pause before the next attempt.
  ///
  /// @param wait how long to wait for something to do; zero: not at all
  /// @return whether there may be more to do at once
  public boolean step(Duration wait) throws InterruptedException {
    if (closed || isPausing(wait)) {
      return false;
    }
    try {
      Watch open = watch;
      if (open != null) {
        return take(open, wait);
      }
      if (version.isEmpty()) {
        list();
      }
      open();
      return true;
    } catch (KubeException e) {
      failed(e);
      return true;
    }
  }

  private boolean isPausing(Duration wait) throws InterruptedException {
    Duration left = Duration.between(pace.clock().instant(), pausedUntil);
    if (!left.isPositive()) {
      return false;
    }
    if (wait.isPositive()) {
      pace.sleeper().sleep(left.compareTo(wait) < 0 ? left : wait);
    }
    return true;
  }

  private void list() throws KubeException {
    KubeList list =
        KubeLists.all(api, scope.resource(), scope.namespace(), scope.selection().from(""));
    Set<Key> vanished = new HashSet<>(objects.keySet());
    for (KubeObject object : list.items()) {
      vanished.remove(Key.of(object));
    }
    for (KubeObject object : list.items()) {
      keep(object);
    }
    vanished.stream().sorted().forEach(this::drop);
    version = list.resourceVersion();
    synced = true;
  }

  private void keep(KubeObject object) {
    Key key = Key.of(object);
    KubeObject before = objects.put(key, object);
    if (before == null || !before.resourceVersion().equals(object.resourceVersion())) {
      listener.changed(key.namespace(), key.name());
    }
  }

  private void drop(Key key) {
    if (objects.remove(key) != null) {
      listener.changed(key.namespace(), key.name());
    }
  }

  private void open() throws KubeException {
    Watch opened = api.watch(scope.resource(), scope.namespace(), scope.selection().from(version));
    watch = opened;
    watchedSince = pace.clock().instant();
    heard = false;
    if (failures <= 1) {
      failure = null; // servers end watches now and then
    }
    if (closed) {
      opened.close();
    }
  }

  private boolean take(Watch open, Duration wait) throws KubeException {
    WatchEvent event = open.next(wait);
    for (int i = 1; event != null; i++) {
      apply(event);
      if (i == EVENTS_PER_STEP) {
        return true;
      }
      event = open.next(Duration.ZERO);
    }
    if (failure != null && isSettled()) {
      failure = null;
    }
    return false;
  }

  private void apply(WatchEvent event) {
    heard = true;
    failure = null;
    KubeObject object = event.object();
    switch (event.type()) {
      case ADDED, MODIFIED -> keep(object);
      case DELETED -> drop(Key.of(object));
      case BOOKMARK -> {}
    }
    version = object.resourceVersion();
  }

  private boolean isSettled() {
    return heard || Duration.between(watchedSince, pace.clock().instant()).compareTo(SETTLED) >= 0;
  }

  private void failed(KubeException why) {
    if (closed) {
      return;
    }
    Watch broken = watch;
    if (broken != null) {
      if (isSettled()) {
        failures = 0;
      }
      broken.close();
      watch = null;
    }
    if (why.isGone()) {
      version = "";
    }
    failure = why;
    Duration delay = delay(failures++);
    if (why.retryAfter().compareTo(delay) > 0) {
      delay = why.retryAfter();
    }
    pausedUntil = pace.clock().instant().plus(delay);
  }

  /// The first attempt follows at once.
  private Duration delay(int failuresBefore) {
    if (failuresBefore == 0) {
      return Duration.ZERO;
    }
    long millis =
        Math.min(FIRST_DELAY.toMillis() << Math.min(failuresBefore, 10), LONGEST_DELAY.toMillis());
    return Duration.ofMillis(millis / 2 + pace.random().nextLong(millis / 2 + 1));
  }

  /// Whether the copy has been complete once.
  public boolean synced() {
    return synced;
  }

  /// Why the copy may be late; empty if it is being kept.
  public Optional<KubeException> failure() {
    return Optional.ofNullable(failure);
  }

  /// Until when [#step] does nothing; in the past if it would do something.
  public Instant pausedUntil() {
    return pausedUntil;
  }

  /// @param namespace empty for a kind without namespaces
  public Optional<KubeObject> get(String namespace, String name) {
    return Optional.ofNullable(objects.get(new Key(namespace, name)));
  }

  /// All objects, by namespace and name.
  public List<KubeObject> all() {
    return List.copyOf(objects.values());
  }

  /// Ends the watch, also while another thread steps; what was copied can still be read.
  @Override
  public void close() {
    closed = true;
    Watch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
