package dev.longshore.agent.world.node;

import dev.longshore.engine.snapshot.CancelToken;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A real program, on a thread of its own and in real time. As nobody knows how much virtual time
/// its work is worth, each poll gives it some milliseconds of real time: a run is not repeatable to
/// the second, but its results are.
public final class ThreadProgram implements PodProgram {
  private final Body body;
  private final Duration share;

  /// The program.
  @FunctionalInterface
  public interface Body {
    /// @param cancel set by SIGTERM and SIGKILL
    Exit run(PodRun run, CancelToken cancel) throws Exception;
  }

  /// @param share of real time that a poll gives at most
  public ThreadProgram(Body body, Duration share) {
    this.body = body;
    this.share = share;
  }

  @Override
  public RunningPod start(PodRun run) {
    CancelToken cancel = new CancelToken();
    CompletableFuture<Exit> end = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("pod " + run.pod().name())
        .start(() -> {
          try {
            end.complete(body.run(run, cancel));
          } catch (Exception | Error e) {
            end.complete(new Exit(1, String.valueOf(e)));
          }
        });
    return new Live(end, cancel);
  }

  private final class Live implements RunningPod {
    private final CompletableFuture<Exit> end;
    private final CancelToken cancel;

    Live(CompletableFuture<Exit> end, CancelToken cancel) {
      this.end = end;
      this.cancel = cancel;
    }

    @Override
    public Optional<Exit> poll() {
      try {
        return Optional.of(end.get(share.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException _) {
        return Optional.empty();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void terminate() {
      cancel.cancel();
    }

    @Override
    public void kill() {
      cancel.cancel();
    }
  }
}
