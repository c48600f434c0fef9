package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeException;
import dev.longshore.kube.KubeObject;
import dev.longshore.kube.Watch;
import dev.longshore.kube.WatchEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A watch on the server's log.
final class ServerWatch implements Watch {
  /// What can end a watch from outside.
  enum State {
    OPEN,
    DROPPED,
    EXPIRED,
    CLOSED
  }

  private final Request request;
  private final Kind kind;
  private final Predicate<KubeObject> selection;
  private final Store store;
  private final ReentrantLock lock;
  private final Condition changed;
  private final Deque<KubeObject> initial;
  private long position;
  private State state = State.OPEN;

  /// @param initial what is reported as added first
  /// @param position where in the log it goes on
  ServerWatch(
      Request request,
      Selection selected,
      ApiServer.Shared shared,
      Collection<KubeObject> initial,
      long position) {
    this.request = request;
    this.kind = selected.kind();
    this.selection = selected.matches();
    this.store = shared.store();
    this.lock = shared.lock();
    this.changed = shared.changed();
    this.initial = new ArrayDeque<>(initial);
    this.position = position;
  }

  /// What a list or watch selects.
  record Selection(Kind kind, Predicate<KubeObject> matches) {}

  Request request() {
    return request;
  }

  /// Whether it can still report something. Called with the lock held.
  boolean isOpen() {
    return state == State.OPEN;
  }

  /// Ends it. Called with the lock held.
  void end(State how) {
    state = how;
  }

  /// Prepares for the log to be forgotten: a watch that has not read all of its events is lost.
  /// Called with the lock held.
  void compact() {
    if (!isOpen()) {
      return;
    }
    if (position < store.firstPosition()) {
      state = State.EXPIRED;
      return;
    }
    for (long at = position; at < store.endPosition(); at++) {
      if (event(store.entry(at)) != null) {
        state = State.EXPIRED;
        return;
      }
    }
    position = store.endPosition();
  }

  @Override
  public @Nullable WatchEvent next(Duration wait) throws KubeException {
    long nanos = wait.toNanos();
    lock.lock();
    try {
      while (true) {
        switch (state) {
          case CLOSED -> throw Failures.noAnswer("the watch is closed");
          case DROPPED -> throw Failures.noAnswer("the connection of the watch was cut");
          case EXPIRED -> throw Failures.expired(store.version());
          case OPEN -> {}
        }
        WatchEvent event = poll();
        if (event != null || nanos <= 0) {
          return event;
        }
        nanos = changed.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.noAnswer("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private @Nullable WatchEvent poll() throws KubeException {
    KubeObject first = initial.poll();
    if (first != null) {
      return new WatchEvent(WatchEvent.Type.ADDED, first);
    }
    if (position < store.firstPosition()) {
      state = State.EXPIRED;
      throw Failures.expired(store.version());
    }
    while (position < store.endPosition()) {
      WatchEvent event = event(store.entry(position++));
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  /// What an entry is for this watch: an object that no longer matches is deleted for it.
  private @Nullable WatchEvent event(Store.Entry entry) {
    Kind changedKind = entry.kind();
    if (changedKind == null) {
      return new WatchEvent(WatchEvent.Type.BOOKMARK, bookmark(entry.revision()));
    }
    if (!changedKind.id().equals(kind.id())) {
      return null;
    }
    KubeObject before = entry.before();
    KubeObject after = entry.after();
    boolean was = before != null && selection.test(before);
    if (after != null && selection.test(after)) {
      return new WatchEvent(was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, after);
    }
    if (!was || before == null) {
      return null;
    }
    return new WatchEvent(
        WatchEvent.Type.DELETED,
        before.with(Long.toString(entry.revision()), "metadata", "resourceVersion"));
  }

  private KubeObject bookmark(long revision) {
    return new KubeObject(
        Json.Obj.EMPTY
            .with("kind", kind.resource().kind())
            .with("apiVersion", kind.resource().apiVersion())
            .with(
                "metadata", Json.Obj.of("resourceVersion", new Json.Str(Long.toString(revision)))));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      state = State.CLOSED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
