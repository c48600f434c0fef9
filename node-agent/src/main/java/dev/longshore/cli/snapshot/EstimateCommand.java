package dev.longshore.cli.snapshot;

import dev.longshore.cli.Cli;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.Text;
import dev.longshore.engine.repository.Repository;
import dev.longshore.engine.snapshot.CancelToken;
import dev.longshore.engine.snapshot.Estimator;
import dev.longshore.engine.snapshot.UploadProgress;
import dev.longshore.engine.source.LocalSource;
import dev.longshore.engine.source.SourceDirectory;
import dev.longshore.engine.source.SourceTree;
import dev.longshore.format.snapshot.SourceInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `snapshot estimate`.
@Command(name = "estimate", description = "Tell what a snapshot would hold, without reading files.")
final class EstimateCommand extends RepoCommand {
  @Option(names = "--show-files", negatable = true, description = "Name files of each size.")
  boolean showFiles;

  @Option(
      names = {"-q", "--quiet"},
      negatable = true,
      description = "No progress.")
  boolean quiet;

  @Option(
      names = "--upload-speed",
      paramLabel = "MBIT/S",
      description = "To estimate the time with (default: 10).")
  double uploadSpeed = 10;

  @Option(
      names = "--max-examples-per-bucket",
      paramLabel = "N",
      description = "Files to name of each size (default: 10).")
  int maxExamples = 10;

  @Parameters(paramLabel = "SOURCE", description = "The directory.")
  String source = "";

  EstimateCommand(Cli cli) {
    super(cli);
  }

  @Override
  protected ExitCode run() throws IOException {
    if (!(uploadSpeed > 0)) {
      throw usage("--upload-speed: not above 0");
    }
    String path = Sources.local(cli, source);
    try (Repository repository = cli.connection().open();
        SourceTree tree = LocalSource.open(Path.of(path).toRealPath())) {
      if (!(tree.root() instanceof SourceDirectory)) {
        throw usage(path + " is not a directory");
      }
      var info =
          new SourceInfo(repository.client().hostname(), repository.client().username(), path);
      var estimator = new Estimator(repository.manifests(), UploadProgress.NONE, maxExamples);
      print(estimator.estimate(tree, info, new CancelToken()));
    }
    return ExitCode.OK;
  }

  private void print(Estimator.Estimate estimate) {
    var stats = estimate.stats();
    print(
        "Snapshot includes %d file(s), total size %s"
            .formatted(stats.fileCount(), cli.sizes().bytes(stats.totalSize())));
    printBuckets(estimate.included(), showFiles);
    print("");
    if (stats.excludedFileCount() > 0) {
      print(
          "Snapshot excludes %d file(s), total size %s"
              .formatted(stats.excludedFileCount(), cli.sizes().bytes(stats.excludedTotalSize())));
      printBuckets(estimate.excluded(), true);
    } else {
      print("Snapshot excludes no files.");
    }
    if (stats.excludedDirCount() > 0) {
      print("Snapshot excludes %d directories. Examples:".formatted(stats.excludedDirCount()));
      estimate.excludedDirectories().forEach(directory -> print(" - " + directory));
    } else {
      print("Snapshot excludes no directories.");
    }
    if (stats.errorCount() > 0) {
      print("Encountered %d error(s).".formatted(stats.errorCount()));
    }
    double seconds = stats.totalSize() * 8 / 1e6 / uploadSpeed;
    print("");
    print(
        "Estimated upload time: %s at %s Mbit/s"
            .formatted(
                GoDurations.format(Duration.ofSeconds((long) seconds)),
                uploadSpeed == Math.rint(uploadSpeed)
                    ? Long.toString((long) uploadSpeed)
                    : Double.toString(uploadSpeed)));
  }

  private void printBuckets(List<Estimator.Bucket> buckets, boolean examples) {
    String above = "";
    for (Estimator.Bucket bucket : buckets) {
      String low = cli.sizes().bytes(bucket.minSizeBytes());
      if (bucket.count() > 0) {
        String range =
            above.isEmpty() ? "%-6s ...".formatted(low) : "%-6s...%6s".formatted(low, above);
        print(
            "%18s: %7d files, total size %s"
                .formatted(range, bucket.count(), cli.sizes().bytes(bucket.totalBytes())));
        if (examples) {
          bucket
              .examples()
              .forEach(example ->
                  print(" - " + example.path() + " - " + cli.sizes().bytes(example.bytes())));
        }
      }
      above = low;
    }
  }

  private void print(String line) {
    cli.out().println(Text.visible(line));
  }
}
