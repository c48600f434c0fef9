package dev.longshore.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Runs the programs alternately on the same work: in each round every step is done by each of
/// them, another one first each time, and what they restore is compared with the source. Results
/// are written after each round. A failed step is shown as failed, and makes the exit code 1.
public final class Compare {
  private static final int SMALL_REPEATS = 3;

  private final CompareOptions options;
  private final Path folder;
  private final Stopwatch stopwatch;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> described = new ArrayList<>();

  private Compare(CompareOptions options, Path folder) throws IOException {
    this.options = options;
    this.folder = folder;
    stopwatch = new Stopwatch(folder.resolve("stopwatch"), options.cold());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    CompareOptions options;
    try {
      options = CompareOptions.parse(arguments, System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(CompareOptions.USAGE);
      System.exit(2);
      return;
    }
    List<Measurement> all = measure(options, Results::write);
    System.exit(all.stream().anyMatch(m -> m.sample().failed()) ? 1 : 0);
  }

  /// Takes what there is after each round.
  @FunctionalInterface
  interface Receiver {
    void receive(Results results) throws IOException;
  }

  /// Makes the works, measures, and removes all it made but the results.
  static List<Measurement> measure(CompareOptions options, Receiver afterRound)
      throws IOException, InterruptedException {
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(options.workFolder()), "longshore-compare");
    Compare compare = new Compare(options, folder);
    try {
      compare.run(afterRound);
    } finally {
      delete(folder);
    }
    return compare.measurements;
  }

  private void run(Receiver afterRound) throws IOException, InterruptedException {
    List<String> versions = new ArrayList<>();
    for (Tool tool : options.tools()) {
      Path home = Files.createDirectories(home(tool));
      succeed(stopwatch.run(tool.version(), tool.environment(home)));
      String version =
          stopwatch.output().lines().filter(l -> !l.contains("WARNING")).findFirst().orElse("?");
      versions.add(tool.name() + ": " + version);
    }
    DiskImage image = new DiskImage(folder.resolve("image"), options.scale());
    FileTree tree = new FileTree(folder.resolve("files"), options.scale());
    FileTree small = new FileTree(folder.resolve("small"), 0);
    if (options.works().contains("image")) {
      image.write();
      described.add(image.describe());
    }
    if (options.works().contains("files")) {
      tree.write();
      described.add(tree.describe());
    }
    if (options.works().contains("small")) {
      small.write();
      described.add("a small repository: " + small.describe());
    }
    for (int round = 0; round < options.rounds(); round++) {
      if (options.works().contains("image")) {
        imageRound(image, round);
      }
      if (options.works().contains("files")) {
        filesRound(round);
      }
      if (options.works().contains("small")) {
        smallRound(round);
      }
      afterRound.receive(new Results(options, versions, described, measurements));
    }
  }

  private void imageRound(DiskImage image, int round) throws IOException, InterruptedException {
    Path source = folder.resolve("image");
    List<Tool> tools = freshRepositories(round);
    backUp(Step.IMAGE_NEW, tools, source, round);
    backUp(Step.IMAGE_AGAIN, tools, source, round);
    image.change(round);
    backUp(Step.IMAGE_CHANGED, tools, source, round);
    restore(Step.IMAGE_RESTORE, tools, source, round);
    verify(Step.IMAGE_VERIFY, tools, round);
  }

  private void filesRound(int round) throws IOException, InterruptedException {
    Path source = folder.resolve("files");
    List<Tool> tools = freshRepositories(round);
    backUp(Step.FILES_NEW, tools, source, round);
    backUp(Step.FILES_AGAIN, tools, source, round);
    restore(Step.FILES_RESTORE, tools, source, round);
    verify(Step.FILES_VERIFY, tools, round);
  }

  private void smallRound(int round) throws IOException, InterruptedException {
    List<Tool> tools = freshRepositories(round);
    for (Tool tool : tools) {
      succeed(run(tool, tool.backUp(home(tool), folder.resolve("small"))));
    }
    for (int i = 0; i < SMALL_REPEATS; i++) {
      for (Tool tool : tools) {
        add(Step.SMALL_STATUS, tool, round, run(tool, tool.status(home(tool))));
      }
      for (Tool tool : tools) {
        add(Step.SMALL_LIST, tool, round, run(tool, tool.list(home(tool))));
      }
    }
  }

  private List<Tool> freshRepositories(int round) throws IOException, InterruptedException {
    List<Tool> tools = new ArrayList<>(options.tools());
    Collections.rotate(tools, -round);
    for (Tool tool : tools) {
      Path home = home(tool);
      delete(home);
      Files.createDirectories(home);
      succeed(run(tool, tool.create(home)));
      for (List<String> setting : tool.settings(home)) {
        succeed(run(tool, setting));
      }
    }
    return tools;
  }

  private void backUp(Step step, List<Tool> tools, Path source, int round)
      throws IOException, InterruptedException {
    for (Tool tool : tools) {
      add(step, tool, round, run(tool, tool.backUp(home(tool), source)));
    }
  }

  private void restore(Step step, List<Tool> tools, Path source, int round)
      throws IOException, InterruptedException {
    for (Tool tool : tools) {
      Path target = folder.resolve("restored");
      Sample sample = run(tool, tool.restore(home(tool), source, target));
      if (!sample.failed()) {
        sample = sample.failing(SameTree.difference(source, target));
      }
      add(step, tool, round, sample);
      delete(target);
    }
  }

  private void verify(Step step, List<Tool> tools, int round)
      throws IOException, InterruptedException {
    for (Tool tool : tools) {
      add(step, tool, round, run(tool, tool.verify(home(tool))));
    }
  }

  private Sample run(Tool tool, List<String> command) throws IOException, InterruptedException {
    return stopwatch.run(command, tool.environment(home(tool)));
  }

  private void add(Step step, Tool tool, int round, Sample sample) throws IOException {
    long stored = size(tool.repository(home(tool)));
    measurements.add(new Measurement(step, tool.name(), round, sample, stored));
    System.err.printf(
        "%-14s %-10s round %d  wall %7.2f s  CPU %7.2f s  RSS %5d MB  stored %5d MB  load %.1f"
            + " %s%n",
        step,
        tool.name(),
        round + 1,
        sample.wallSeconds(),
        sample.cpuSeconds(),
        sample.peakRssBytes() / 1_000_000,
        stored / 1_000_000,
        sample.load(),
        sample.failed() ? "FAILED: " + sample.failure() : "");
  }

  private Path home(Tool tool) {
    return folder.resolve("home-" + tool.name());
  }

  private static void succeed(Sample sample) throws IOException {
    if (sample.failed()) {
      throw new IOException("cannot go on: " + sample.failure());
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      long bytes = 0;
      for (Path path : walk.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(path);
      }
      return bytes;
    }
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
