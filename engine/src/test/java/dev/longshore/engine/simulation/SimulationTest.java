package dev.longshore.engine.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Repositories live for days, with faults, deaths and clocks that are off, and no snapshot that
/// was reported finished is lost.
///
/// `-Dlongshore.simulation.runs=10000` for the long run; `-Dlongshore.simulation.seed=N` repeats
/// one, and writes what happened to `target/simulation-N.txt`.
final class SimulationTest {
  private static final int RUNS = Integer.getInteger("longshore.simulation.runs", 20);
  private static final Long SEED = Long.getLong("longshore.simulation.seed");

  /// So many runs find each broken rule, and some more.
  private static final int ENOUGH_RUNS = 150;

  private static final int LAST_LINES = 40;

  @Test
  void noFinishedSnapshotIsLost() throws IOException {
    int finished = 0;
    int maintenances = 0;
    long first = SEED == null ? 1 : SEED;
    long last = SEED == null ? RUNS : SEED;
    for (long seed = first; seed <= last; seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, Rules.ALL);
      finished += outcome.finished();
      maintenances += outcome.maintenances();
      if (outcome.failure().isPresent()) {
        throw failure(outcome);
      }
      if (SEED != null) {
        write(outcome);
      }
    }
    if (SEED == null) {
      assertTrue(finished > 5 * RUNS, finished + " snapshots");
      assertTrue(maintenances > 2 * RUNS, maintenances + " maintenances");
    }
  }

  private static AssertionError failure(Simulation.Outcome outcome) throws IOException {
    List<String> trace = outcome.trace();
    String end =
        String.join("\n", trace.subList(Math.max(0, trace.size() - LAST_LINES), trace.size()));
    return new AssertionError(
        """
        seed %d: %s
        %s
        (all of it is in %s)
        again: mvn -Dquick -pl engine -am test -Dtest=SimulationTest -Dlongshore.simulation.seed=%d \
        -Dsurefire.failIfNoSpecifiedTests=false\
        """
            .formatted(
                outcome.seed(),
                outcome.failure().orElseThrow(),
                end,
                write(outcome),
                outcome.seed()),
        outcome.failure().orElseThrow());
  }

  private static Path write(Simulation.Outcome outcome) throws IOException {
    Path file = Path.of("target", "simulation-" + outcome.seed() + ".txt");
    Files.createDirectories(file.toAbsolutePath().getParent());
    return Files.write(file, outcome.trace()).toAbsolutePath();
  }

  @Test
  void aSeedDecidesEverything() {
    for (long seed = 1; seed <= 2; seed++) {
      assertEquals(
          Simulation.run(seed, Rules.ALL).trace(), Simulation.run(seed, Rules.ALL).trace());
    }
  }

  /// Nothing helps against a store that loses what it took, but wrong bytes are never given out.
  @Test
  void aStoreThatLosesWhatItTookGivesNoWrongBytes() throws IOException {
    Rules rules = BrokenRules.PUTS_THAT_LIE.rules().withTolerance();
    for (long seed = 1; seed <= Math.max(5, RUNS / 20); seed++) {
      Simulation.Outcome outcome = Simulation.run(seed, rules);
      if (outcome.failure().isPresent()) {
        throw failure(outcome);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void findsABrokenRule(BrokenRules broken) {
    for (long seed = broken.lucky(); seed < broken.lucky() + ENOUGH_RUNS; seed++) {
      if (Simulation.run(seed, broken.rules()).isLoss()) {
        return;
      }
    }
    throw new AssertionError("no loss in " + ENOUGH_RUNS + " runs");
  }
}
