package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.epoch.EpochState;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `index list`, `inspect`, `recover` and `epoch list`.
public final class IndexCommands {
  private IndexCommands() {}

  @Command(name = "index", aliases = "indexes", description = "Look at index blobs.")
  static final class Group extends CommandGroup {}

  @Command(name = "epoch", description = "Look at epochs.")
  static final class EpochGroup extends CommandGroup {}

  /// `index` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new ListIndexes(cli),
        new Inspect(cli),
        new IndexRecoverCommand(cli),
        new IndexOptimizeCommand(cli),
        Branch.group(new EpochGroup(), new ListEpochs(cli)));
  }

  /// Kopia's row; it never says by what a blob is superseded.
  private static void write(GoJsonWriter row, BlobMetadata blob) {
    BlobCommands.write(row, blob);
    row.name("Superseded").nullValue();
  }

  /// Orders of `index list`.
  enum Order {
    time,
    size,
    name;

    Comparator<BlobMetadata> comparator() {
      return switch (this) {
        case time -> Comparator.comparing(BlobMetadata::timestamp);
        case size -> Comparator.comparingLong(BlobMetadata::lengthBytes);
        case name -> Comparator.comparing(BlobMetadata::id);
      };
    }
  }

  /// `index list`.
  @Command(name = "list", aliases = "ls", description = "List index blobs.")
  static final class ListIndexes extends RepoCommand {
    @Option(names = "--summary", negatable = true, description = "End with the number of blobs.")
    boolean summary;

    @Option(names = "--superseded", negatable = true, description = "Superseded index blobs too.")
    boolean superseded;

    @Option(
        names = "--sort",
        paramLabel = "ORDER",
        description = "time, size or name (default: time).")
    Order order = Order.time;

    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    ListIndexes(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        List<BlobMetadata> blobs =
            new ArrayList<>(
                superseded
                    ? repository.contents().allIndexBlobs()
                    : repository.contents().activeIndexBlobs());
        blobs.sort(order.comparator());
        if (json) {
          try (var list = new JsonList(cli.out())) {
            blobs.forEach(blob -> list.add(row -> write(row, blob)));
          }
          return ExitCode.OK;
        }
        Set<BlobMetadata> active = new HashSet<>(repository.contents().activeIndexBlobs());
        for (BlobMetadata blob : blobs) {
          cli.out()
              .println(
                  "%-60s %10d %s %s"
                      .formatted(
                          blob.id(),
                          blob.lengthBytes(),
                          cli.times().millis(blob.timestamp()),
                          active.contains(blob) ? "[]" : "superseded"));
        }
        if (summary) {
          cli.out().println("total " + blobs.size() + " indexes");
        }
      }
      return ExitCode.OK;
    }
  }

  /// `index inspect`.
  @Command(name = "inspect", description = "Print the entries of index blobs.")
  static final class Inspect extends RepoCommand {
    @Option(
        names = "--all",
        negatable = true,
        description = "All index blobs, superseded ones too.")
    boolean all;

    @Option(names = "--active", negatable = true, description = "All index blobs in force.")
    boolean active;

    @Option(
        names = "--content-id",
        paramLabel = "ID",
        description = "Only entries of this content.")
    List<String> contentIds = List.of();

    @Option(names = "--parallel", hidden = true)
    int parallel;

    @Parameters(arity = "0..*", paramLabel = "BLOB", description = "Names of index blobs.")
    List<String> names = List.of();

    Inspect(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        for (BlobMetadata blob : chosen(repository)) {
          var reader = repository.contents().readIndexBlob(blob.id());
          for (int i = 0; i < reader.size(); i++) {
            IndexEntry entry = reader.entry(i);
            if (contentIds.isEmpty() || contentIds.contains(entry.contentId().toString())) {
              cli.out().println(line(blob, entry));
            }
          }
        }
      }
      return ExitCode.OK;
    }

    private List<BlobMetadata> chosen(Repository repository) throws IOException {
      if (all) {
        return repository.contents().allIndexBlobs();
      }
      if (active) {
        return repository.contents().activeIndexBlobs();
      }
      if (names.isEmpty()) {
        throw usage("one of --all, --active and names of blobs is needed");
      }
      List<BlobMetadata> blobs = new ArrayList<>();
      for (String name : names) {
        BlobId id = BlobCommands.blobId(name);
        blobs.add(
            repository
                .blobs()
                .metadata(id)
                .orElseThrow(() -> new NotFoundException("no blob " + id)));
      }
      return blobs;
    }

    private String line(BlobMetadata blob, IndexEntry entry) {
      return "%s %s %s %s %s %s %d %d"
          .formatted(
              cli.times().millis(blob.timestamp()),
              blob.id(),
              entry.contentId(),
              entry.deleted() ? "deleted" : "created",
              cli.times().millis(Instant.ofEpochSecond(entry.timestampSeconds())),
              entry.packBlobId(),
              entry.packOffset(),
              entry.packedLength());
    }
  }

  /// `index epoch list`.
  @Command(name = "list", aliases = "ls", description = "Show the state of the epochs.")
  static final class ListEpochs extends RepoCommand {
    ListEpochs(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        EpochState state =
            repository
                .contents()
                .epochs()
                .orElseThrow(
                    () -> new UnsupportedException("this repository has no epoch manager"));
        new EpochReport(cli).print(state);
      }
      return ExitCode.OK;
    }
  }
}
