package dev.longshore.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Every benchmark runs; how fast is no matter here.
class JmhSmokeTest {
  @Test
  void everyBenchmarkRunsOnce() throws RunnerException {
    System.setProperty("jmh.ignoreLock", "true");
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.longshore\\.bench\\.jmh\\.")
                    .mode(Mode.SingleShotTime)
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .param("entries", "1000")
                    .build())
            .run();
    Set<String> classes = new TreeSet<>();
    results.forEach(result -> classes.add(result.getParams().getBenchmark().split("\\.", -1)[4]));
    assertTrue(
        classes.containsAll(
            List.of(
                "CipherJmh",
                "CompressorJmh",
                "DirectoryJmh",
                "EccJmh",
                "HashJmh",
                "IndexJmh",
                "PackJmh",
                "SplitterJmh")),
        classes::toString);
  }
}
