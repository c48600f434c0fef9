package dev.longshore.engine.concurrent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Tasks that find more tasks, done by some threads, the last found first: a walk through a tree
/// that never holds much more than one path of it.
///
/// @param <T> a task
public final class WorkStack<T> {
  private final Deque<T> waiting = new ArrayDeque<>();
  private final Worker<T> worker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
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
  public void add(List<T> tasks) {
    lock.lock();
    try {
      tasks.forEach(waiting::push);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Does all tasks, and returns when no thread is at work any more.
  ///
  /// @param name of the threads, a number is appended
  /// @throws InterruptedException if the caller or a worker was interrupted; tasks may be left
  /// @throws IllegalStateException with what a worker threw
  public void run(String name, int threads) throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    ThreadFactory factory = WorkThreads.named(name);
    for (int i = 0; i < threads; i++) {
      Thread thread = factory.newThread(this::work);
      thread.start();
      running.add(thread);
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
    rethrow();
  }

  private void rethrow() throws InterruptedException {
    lock.lock();
    try {
      switch (crash) {
        case null -> {}
        case InterruptedException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(crash);
      }
    } finally {
      lock.unlock();
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
      crashed(e);
    }
  }

  private void crashed(Throwable e) {
    lock.lock();
    try {
      crash = crash == null ? e : crash;
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable T take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && active > 0) {
        changed.await();
      }
      T next = crash == null ? waiting.poll() : null;
      active += next == null ? 0 : 1;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void done() {
    lock.lock();
    try {
      active--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
