package dev.longshore.agent.world.node;

import java.util.Optional;

/// A program that containers run.
@FunctionalInterface
public interface PodProgram {
  RunningPod start(PodRun run);

  /// Runs until it is told to stop.
  PodProgram IDLE = run -> new Sleeping();

  /// What IDLE starts.
  final class Sleeping implements RunningPod {
    private boolean over;

    @Override
    public Optional<Exit> poll() {
      return over ? Optional.of(new Exit(143, "")) : Optional.empty();
    }

    @Override
    public void terminate() {
      over = true;
    }

    @Override
    public void kill() {
      over = true;
    }

    @Override
    public java.time.Duration nextPoll() {
      return over ? java.time.Duration.ZERO : java.time.Duration.ofHours(1);
    }
  }
}
