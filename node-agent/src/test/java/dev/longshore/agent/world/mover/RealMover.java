package dev.longshore.agent.world.mover;

import dev.longshore.agent.world.node.Exit;
import dev.longshore.agent.world.node.PodProgram;
import dev.longshore.agent.world.node.PodRun;
import dev.longshore.agent.world.node.ThreadProgram;
import dev.longshore.engine.blob.Sleeper;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.testkit.SeededRandom;
import dev.longshore.mover.DataMover;
import dev.longshore.mover.run.Surroundings;
import dev.longshore.mover.task.TaskKind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The real data mover as a program of pods, in this process, on the files of a cluster that has
/// some. For clusters in a folder only.
public final class RealMover {
  /// The real time that a poll gives it.
  private static final Duration SHARE = Duration.ofMillis(20);

  private static final Surroundings.Timing TIMING =
      new Surroundings.Timing(
          Duration.ofMillis(5),
          Duration.ofMillis(10),
          Duration.ofMillis(50),
          Duration.ofMinutes(5),
          Sleeper.SYSTEM);

  private RealMover() {}

  /// The program.
  public static PodProgram program() {
    return new ThreadProgram(RealMover::run, SHARE);
  }

  private static Exit run(PodRun run, CancelToken cancel) {
    List<String> words =
        run.localCommandLine().stream().dropWhile(word -> TaskKind.of(word).isEmpty()).toList();
    try (PrintStream out =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      Surroundings surroundings =
          new Surroundings(
              run.env(),
              run.clock(),
              new SeededRandom(run.pod().uid().hashCode()),
              Optional.of(run.api()),
              out,
              TIMING);
      return new Exit(new DataMover(surroundings).run(words, cancel), "");
    }
  }
}
