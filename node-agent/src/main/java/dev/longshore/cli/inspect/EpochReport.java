package dev.longshore.cli.inspect;

import dev.longshore.cli.Cli;
import dev.longshore.cli.output.GoDurations;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.epoch.EpochState.RangeCheckpoint;
import dev.longshore.format.id.BlobMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// The state of the epochs in Kopia's words.
final class EpochReport {
  private final Cli cli;

  EpochReport(Cli cli) {
    this.cli = cli;
  }

  void print(EpochState state) {
    print("Current Epoch: " + state.writeEpoch());
    state.markers().stream()
        .filter(marker -> marker.id().value().equals("xe" + state.writeEpoch()))
        .findFirst()
        .ifPresent(marker -> print("Epoch Started  " + cli.times().seconds(marker.timestamp())));
    List<RangeCheckpoint> ranges = state.rangeCheckpoints();
    int firstSingle = ranges.isEmpty() ? 0 : ranges.getLast().high() + 1;
    for (int epoch = state.writeEpoch(); epoch >= firstSingle; epoch--) {
      printEpoch(epoch, state);
    }
    for (RangeCheckpoint range : ranges) {
      print(
          "%d-%d: range, %d blobs, %s"
              .formatted(
                  range.low(), range.high(), range.blobs().size(), totalSize(range.blobs())));
    }
  }

  private void printEpoch(int epoch, EpochState state) {
    List<BlobMetadata> uncompacted = state.uncompacted().getOrDefault(epoch, List.of());
    if (!uncompacted.isEmpty()) {
      Instant first = first(uncompacted);
      Instant last =
          uncompacted.stream()
              .map(BlobMetadata::timestamp)
              .max(Comparator.naturalOrder())
              .orElseThrow();
      Duration span = Duration.between(first, last).plusMillis(500);
      print(
          "%d %s ... %s, %d blobs, %s, span %s"
              .formatted(
                  epoch,
                  cli.times().seconds(first),
                  cli.times().seconds(last),
                  uncompacted.size(),
                  totalSize(uncompacted),
                  GoDurations.format(Duration.ofSeconds(span.toSeconds()))));
    }
    List<BlobMetadata> single = state.singleEpochCompactions().getOrDefault(epoch, List.of());
    if (!single.isEmpty()) {
      print(
          "%d: %s single-epoch %d blobs, %s"
              .formatted(
                  epoch, cli.times().seconds(first(single)), single.size(), totalSize(single)));
    }
  }

  private static Instant first(List<BlobMetadata> blobs) {
    return blobs.stream().map(BlobMetadata::timestamp).min(Comparator.naturalOrder()).orElseThrow();
  }

  private String totalSize(List<BlobMetadata> blobs) {
    return cli.sizes().bytes(blobs.stream().mapToLong(BlobMetadata::lengthBytes).sum());
  }

  private void print(String line) {
    cli.out().println(line);
  }
}
