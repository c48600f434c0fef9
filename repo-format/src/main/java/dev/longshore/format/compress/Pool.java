package dev.longshore.format.compress;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Idle objects that are dear to make, most of them with memory outside the heap: as many as there
/// are processors, since no more are in use at a time by a pool of that many threads; any more are
/// closed. Thread-safe.
final class Pool<T> {
  private final Supplier<T> factory;
  private final Consumer<T> closer;
  private final ArrayBlockingQueue<T> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  Pool(Supplier<T> factory, Consumer<T> closer) {
    this.factory = factory;
    this.closer = closer;
  }

  /// An object for the caller alone, until it gives it back.
  T take() {
    T found = idle.poll();
    return found == null ? factory.get() : found;
  }

  /// Gives back an object that is as good as new.
  void give(T used) {
    if (!idle.offer(used)) {
      closer.accept(used);
    }
  }
}
