package dev.longshore.engine.concurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks that find more tasks, done by some threads, the last found first: a walk through a tree
/// that never holds much more than one path of it.
///
/// @param <T> a task
public final class WorkStack<T> {
  private final Deque<T> waiting = new ArrayDeque<>();
  private final Worker<T> worker;
  private int active;
  private @Nullable Throwable crash;

  /// @param worker does a task; called by several threads
  public WorkStack(Worker<T> worker) {
    this.worker = worker;
  }

  /// Does a task.
  ///
  /// @param <T> a task
  @FunctionalInterface
  public interface Worker<T> {
    /// What is thrown ends the work. Further tasks are given to [WorkStack#add].
    void work(T task) throws InterruptedException;
  }

  /// Adds tasks; the last is done first. Called by the worker, or before [#run].
  public synchronized void add(List<T> tasks) {
    tasks.forEach(waiting::push);
    notifyAll();
  }

  /// Does all tasks, and returns when no thread is at work any more.
  ///
  /// @param name of the threads, a number is appended
  /// @throws InterruptedException if the caller or a worker was interrupted; tasks may be left
  /// @throws IllegalStateException with what a worker threw
  public void run(String name, int threads) throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::work));
    }
    InterruptedException interruption = null;
    for (Thread thread : running) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          // What the workers use is closed after them: they are waited for nevertheless.
          interruption = e;
          running.forEach(Thread::interrupt);
        }
      }
    }
    if (interruption != null) {
      throw interruption;
    }
    synchronized (this) {
      if (crash instanceof InterruptedException e) {
        throw e;
      }
      if (crash instanceof Error e) {
        throw e;
      }
      if (crash != null) {
        throw new IllegalStateException(crash);
      }
    }
  }

  private void work() {
    try {
      for (T next = take(); next != null; next = take()) {
        try {
          worker.work(next);
        } finally {
          done();
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      synchronized (this) {
        crash = crash == null ? e : crash;
        waiting.clear();
        notifyAll();
      }
    }
  }

  private synchronized @Nullable T take() throws InterruptedException {
    while (waiting.isEmpty() && active > 0) {
      wait();
    }
    T next = crash == null ? waiting.poll() : null;
    active += next == null ? 0 : 1;
    return next;
  }

  private synchronized void done() {
    active--;
    notifyAll();
  }
}
