package dev.longshore.engine.blob;

import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.StoreException;
import dev.longshore.engine.error.StoreException.Retry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/// Tries a call again while its fault says that it can help ([StoreException.Retry#BACKOFF]).
/// Thread-safe.
public final class Retrier {
  private final RetryPolicy policy;
  private final Clock clock;
  private final RandomGenerator random;
  private final Sleeper sleeper;

  /// @param random spreads the waits of many clients; need not be secure, must be thread-safe
  public Retrier(RetryPolicy policy, Clock clock, RandomGenerator random, Sleeper sleeper) {
    this.policy = policy;
    this.clock = clock;
    this.random = random;
    this.sleeper = sleeper;
  }

  /// What is tried.
  @FunctionalInterface
  public interface Call<T> {
    T run() throws RepositoryException;
  }

  /// Returns what the call returns, or throws its last fault.
  public <T> T call(Call<T> call) throws RepositoryException {
    Instant deadline = clock.instant().plus(policy.deadline());
    Duration delay = policy.firstDelay();
    for (int attempt = 1; ; attempt++) {
      try {
        return call.run();
      } catch (StoreException fault) {
        boolean last =
            attempt >= policy.attempts() || !clock.instant().plus(delay).isBefore(deadline);
        if (fault.retry() == Retry.NEVER || last) {
          throw fault;
        }
        pause(delay, fault);
        delay = delay.multipliedBy(2);
        delay = delay.compareTo(policy.maxDelay()) > 0 ? policy.maxDelay() : delay;
      }
    }
  }

  private void pause(Duration delay, StoreException fault) throws StoreException {
    long nanos = delay.toNanos();
    try {
      sleeper.sleep(Duration.ofNanos(nanos - (long) (random.nextDouble() * nanos / 2)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting to retry", Retry.NEVER, fault);
    }
  }
}
