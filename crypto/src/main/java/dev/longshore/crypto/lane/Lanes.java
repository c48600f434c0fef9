package dev.longshore.crypto.lane;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/// A pool of stateful objects, each used by one thread at a time.
///
/// Grows to the largest number of threads that ever worked at once. A thread-local would instead
/// grow with the number of virtual threads. An object whose use failed is simply not given back.
///
/// @param <T> what is pooled
public final class Lanes<T> {
  private final ConcurrentLinkedDeque<T> idle = new ConcurrentLinkedDeque<>();
  private final Supplier<T> maker;

  /// An empty pool that makes its objects with `maker`, which must be safe for use by many threads.
  public Lanes(Supplier<T> maker) {
    this.maker = maker;
  }

  /// Takes the object used last, or makes a new one.
  public T take() {
    T lane = idle.pollFirst();
    return lane == null ? maker.get() : lane;
  }

  /// Returns an object that is ready for its next use.
  public void give(T lane) {
    idle.addFirst(lane);
  }
}
