package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `blob list`, `stats`, `show` and `delete`.
public final class BlobCommands {
  private static final long NANOS = 1_000_000_000L;

  private BlobCommands() {}

  @Command(name = "blob", description = "Look at blobs.")
  static final class Group extends CommandGroup {}

  /// `blob` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new ListBlobs(cli),
        new Stats(cli),
        new Show(cli),
        new Delete(cli),
        new BlobGcCommand(cli));
  }

  static BlobId blobId(String text) {
    if (!BlobId.isValid(text)) {
      throw new CommandFailure(ExitCode.USAGE, "not a blob name: " + text);
    }
    return new BlobId(text);
  }

  static void write(GoJsonWriter row, BlobMetadata blob) {
    row.field("id", blob.id().value());
    row.field("length", blob.lengthBytes());
    Instant time = blob.timestamp();
    row.name("timestamp").time(time.getEpochSecond() * NANOS + time.getNano());
  }

  /// `blob list`.
  @Command(name = "list", aliases = "ls", description = "List blobs.")
  static final class ListBlobs extends RepoCommand {
    @Option(
        names = "--prefix",
        paramLabel = "PREFIX",
        description = "Only names that begin with PREFIX.")
    String prefix = "";

    @Option(
        names = "--exclude-prefix",
        paramLabel = "PREFIX",
        description = "Leave out names that begin with PREFIX.")
    List<String> excluded = List.of();

    @Option(
        names = "--min-size",
        paramLabel = "BYTES",
        description = "Only blobs of at least so many bytes.")
    long minSize;

    @Option(
        names = "--max-size",
        paramLabel = "BYTES",
        description = "Only blobs of at most so many bytes.")
    long maxSize;

    @Option(
        names = "--data-only",
        negatable = true,
        description = "Leave out indexes, logs and settings.")
    boolean dataOnly;

    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    ListBlobs(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        if (json) {
          try (var list = new JsonList(cli.out())) {
            repository
                .blobs()
                .list(
                    prefix,
                    blob -> {
                      if (selected(blob)) {
                        list.add(row -> write(row, blob));
                      }
                    });
          }
        } else {
          repository
              .blobs()
              .list(
                  prefix,
                  blob -> {
                    if (selected(blob)) {
                      cli.out()
                          .println(
                              "%-70s %10d %s"
                                  .formatted(
                                      blob.id(),
                                      blob.lengthBytes(),
                                      cli.times().seconds(blob.timestamp())));
                    }
                  });
        }
      }
      return ExitCode.OK;
    }

    private boolean selected(BlobMetadata blob) {
      BlobId id = blob.id();
      boolean data =
          !(id.startsWith("n")
              || id.startsWith("x")
              || id.startsWith("_log")
              || id.startsWith("kopia."));
      return (data || !dataOnly)
          && (maxSize == 0 || blob.lengthBytes() <= maxSize)
          && (minSize == 0 || blob.lengthBytes() >= minSize)
          && excluded.stream().noneMatch(id::startsWith);
    }
  }

  /// `blob stats`.
  @Command(name = "stats", description = "Count blobs and their sizes.")
  static final class Stats extends RepoCommand {
    @Option(
        names = {"-r", "--raw"},
        negatable = true,
        description = "Plain numbers.")
    boolean raw;

    @Option(
        names = "--prefix",
        paramLabel = "PREFIX",
        description = "Only names that begin with PREFIX.")
    String prefix = "";

    private long count;
    private long total;

    Stats(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      var histogram = new Histogram();
      try (Repository repository = cli.connection().open()) {
        repository
            .blobs()
            .list(
                prefix,
                blob -> {
                  count++;
                  total += blob.lengthBytes();
                  histogram.add(blob.lengthBytes());
                });
      }
      LongFunction<String> size = raw ? Long::toString : cli.sizes()::bytes;
      cli.out().println("Count: " + count);
      cli.out().println("Total: " + size.apply(total));
      if (count > 0) {
        cli.out().println("Average: " + size.apply(total / count));
        histogram.print(cli.out(), size);
      }
      return ExitCode.OK;
    }
  }

  /// `blob show`.
  @Command(
      name = "show",
      aliases = "cat",
      description = "Print blobs as they are stored, or decrypted.")
  static final class Show extends RepoCommand {
    @Option(
        names = "--decrypt",
        negatable = true,
        description = "Decrypt indexes, logs and sessions.")
    boolean decrypt;

    @Parameters(arity = "1..*", paramLabel = "BLOB", description = "Names of blobs.")
    List<String> names = List.of();

    Show(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        for (String name : names) {
          BlobId id = blobId(name);
          byte[] bytes =
              decrypt && isSealed(id)
                  ? repository.contents().readSealedBlob(id)
                  : repository.blobs().get(id);
          boolean json = id.startsWith("m") || id.startsWith("l") || isSessionOf(id, decrypt);
          cli.out().write(json ? ContentCommands.Show.indented("blob " + id, bytes) : bytes);
        }
      }
      return ExitCode.OK;
    }

    private static boolean isSessionOf(BlobId id, boolean decrypted) {
      return decrypted && id.startsWith("s");
    }

    /// Kopia decrypts the first four kinds; epoch indexes and session markers are sealed the same
    /// way.
    private static boolean isSealed(BlobId id) {
      return switch (id.value().charAt(0)) {
        case '_', 'n', 'm', 'l', 's' -> true;
        case 'x' -> !id.startsWith("xe") && !id.startsWith("xw");
        default -> false;
      };
    }
  }

  /// `blob delete`.
  @Command(
      name = "delete",
      aliases = {"remove", "rm"},
      description =
          "Delete blobs. This can destroy data: it asks for"
              + " --dangerous-commands=enabled or KOPIA_DANGEROUS_COMMANDS=enabled.")
  static final class Delete extends RepoCommand {
    @Parameters(arity = "1..*", paramLabel = "BLOB", description = "Names of blobs.")
    List<String> names = List.of();

    Delete(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      Danger.check(cli);
      try (Repository repository = cli.connection().openPermissively()) {
        if (repository.client().readOnly()) {
          throw new CommandFailure(ExitCode.UNSUPPORTED, "this connection is read-only");
        }
        for (String name : names) {
          repository.blobs().delete(blobId(name));
        }
      }
      return ExitCode.OK;
    }
  }
}
