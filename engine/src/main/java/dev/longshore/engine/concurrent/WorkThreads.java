package dev.longshore.engine.concurrent;

import java.util.concurrent.ThreadFactory;

/// Threads for work that computes, or that blocks in the system: platform threads, unless the
/// caller is a virtual thread itself.
///
/// Whoever runs the engine on virtual threads has chosen where it runs, and gets no other threads:
/// a simulation runs all of it on a scheduler of its own that way.
public final class WorkThreads {
  private WorkThreads() {}

  /// Daemon threads.
  ///
  /// @param name a number is appended
  public static ThreadFactory named(String name) {
    return named(name, 0);
  }

  /// Daemon threads with deep stacks. Those of virtual threads grow by themselves.
  ///
  /// @param name a number is appended
  /// @param stackBytes 0 for the default
  public static ThreadFactory named(String name, long stackBytes) {
    return Thread.currentThread().isVirtual()
        ? Thread.ofVirtual().name(name + "-", 0).factory()
        : Thread.ofPlatform().daemon().name(name + "-", 0).stackSize(stackBytes).factory();
  }
}
