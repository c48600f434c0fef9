package dev.longshore.cli.inspect;

import dev.longshore.cli.Branch;
import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.cli.output.JsonList;
import dev.longshore.cli.output.Percentages;
import dev.longshore.engine.repository.Repository;
import dev.longshore.format.compress.Compression;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.ContentId;
import dev.longshore.format.index.IndexEntry;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `content list`, `stats` and `show`.
public final class ContentCommands {
  private ContentCommands() {}

  @Command(name = "content", aliases = "contents", description = "Look at contents.")
  static final class Group extends CommandGroup {}

  /// `content` with its commands.
  public static Branch group(Cli cli) {
    return Branch.group(
        new Group(),
        new ListContents(cli),
        new Stats(cli),
        new Show(cli),
        new ContentVerifyCommand(cli),
        new ContentRewriteCommand(cli));
  }

  private static String method(int headerId) {
    return Compression.byHeaderId(headerId)
        .map(Compression::label)
        .orElseGet(() -> "compression-" + Integer.toHexString(headerId));
  }

  /// `content list`.
  @Command(name = "list", aliases = "ls", description = "List contents.")
  static final class ListContents extends RepoCommand {
    @Option(
        names = {"-l", "--long"},
        negatable = true,
        description = "Where each content is, and how it is compressed.")
    boolean longForm;

    @Option(
        names = {"-c", "--compression"},
        negatable = true,
        description = "Lengths and compression.")
    boolean compression;

    @Option(names = "--deleted", negatable = true, description = "Deleted contents too.")
    boolean deleted;

    @Option(names = "--deleted-only", negatable = true, description = "Only deleted contents.")
    boolean deletedOnly;

    @Option(
        names = {"-s", "--summary"},
        negatable = true,
        description = "End with count and size.")
    boolean summary;

    @Option(
        names = {"-h", "--human"},
        negatable = true,
        description = "Sizes with units.")
    boolean human;

    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    @Mixin final ContentFlags contents = new ContentFlags();

    private long count;
    private long packedBytes;

    ListContents(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        if (json) {
          try (var list = new JsonList(cli.out())) {
            repository
                .contents()
                .forEach(
                    contents.range(deleted || deletedOnly),
                    entry -> {
                      if (selected(entry)) {
                        list.add(row -> write(row, entry));
                      }
                    });
          }
        } else {
          repository
              .contents()
              .forEach(
                  contents.range(deleted || deletedOnly),
                  entry -> {
                    if (selected(entry)) {
                      cli.out().println(line(entry));
                    }
                  });
        }
      }
      if (summary && !json) {
        cli.out()
            .println(
                "Total: %s contents, %s total size"
                    .formatted(human ? cli.sizes().count(count) : count, size(packedBytes)));
      }
      return ExitCode.OK;
    }

    private boolean selected(IndexEntry entry) {
      if ((deletedOnly && !entry.deleted()) || !contents.includes(entry.contentId())) {
        return false;
      }
      count++;
      packedBytes += entry.packedLength();
      return true;
    }

    private String size(long bytes) {
      return human ? cli.sizes().bytes(bytes) : Long.toString(bytes);
    }

    private String line(IndexEntry entry) {
      String removed = entry.deleted() ? " (deleted)" : "";
      if (compression) {
        return "%s length %s packed %s %s %s"
            .formatted(
                entry.contentId(),
                size(entry.originalLength()),
                size(entry.packedLength()),
                compressed(entry),
                removed);
      }
      if (longForm) {
        return "%s %d %s %s %d+%s%s %s"
            .formatted(
                entry.contentId(),
                entry.originalLength(),
                cli.times().seconds(Instant.ofEpochSecond(entry.timestampSeconds())),
                entry.packBlobId(),
                entry.packOffset(),
                size(entry.packedLength()),
                removed,
                compressed(entry));
      }
      return entry.contentId().toString();
    }

    private static String compressed(IndexEntry entry) {
      int headerId = entry.compressionHeaderId();
      if (headerId == 0) {
        return "-";
      }
      return entry.originalLength() == 0
          ? method(headerId)
          : method(headerId)
              + " "
              + Percentages.saved(entry.originalLength(), entry.packedLength());
    }

    private static void write(GoJsonWriter row, IndexEntry entry) {
      row.field("packFile", entry.packBlobId().value());
      row.field("time", entry.timestampSeconds());
      row.field("originalLength", entry.originalLength());
      row.field("length", entry.packedLength());
      row.field("packOffset", entry.packOffset());
      row.fieldUnlessZero("compression", entry.compressionHeaderId());
      row.field("contentID", entry.contentId().toString());
      row.field("deleted", entry.deleted());
      row.field("formatVersion", entry.formatVersion());
    }
  }

  /// `content stats`.
  @Command(name = "stats", description = "Count contents and their sizes.")
  static final class Stats extends RepoCommand {
    @Option(
        names = {"-r", "--raw"},
        negatable = true,
        description = "Plain numbers.")
    boolean raw;

    @Mixin final ContentFlags contents = new ContentFlags();

    /// Sums for one way of compressing.
    private static final class Totals {
      long count;
      long original;
      long packed;

      void add(IndexEntry entry) {
        count++;
        original += entry.originalLength();
        packed += entry.packedLength();
      }
    }

    Stats(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      var all = new Totals();
      Map<Integer, Totals> byMethod = new TreeMap<>();
      var histogram = new Histogram();
      try (Repository repository = cli.connection().open()) {
        repository
            .contents()
            .forEach(
                contents.range(false),
                entry -> {
                  if (contents.includes(entry.contentId())) {
                    all.add(entry);
                    byMethod
                        .computeIfAbsent(entry.compressionHeaderId(), _ -> new Totals())
                        .add(entry);
                    histogram.add(entry.packedLength());
                  }
                });
      }
      LongFunction<String> size = raw ? Long::toString : cli.sizes()::bytes;
      print("Count: " + all.count);
      print("Total Bytes: " + size.apply(all.original));
      if (all.packed < all.original) {
        print(
            "Total Packed: %s (compression %s)"
                .formatted(size.apply(all.packed), Percentages.saved(all.original, all.packed)));
      }
      if (byMethod.size() > 1) {
        print("By Method:");
        byMethod.forEach((headerId, totals) -> printMethod(headerId, totals, size));
      }
      if (all.count > 0) {
        print("Average: " + size.apply(all.original / all.count));
        histogram.print(cli.out(), size);
      }
      return ExitCode.OK;
    }

    private void printMethod(int headerId, Totals totals, LongFunction<String> size) {
      if (headerId == 0) {
        print(
            "  %-22s count: %d size: %s"
                .formatted("(uncompressed)", totals.count, size.apply(totals.original)));
        return;
      }
      print(
          "  %-22s count: %d size: %s packed: %s compression: %s"
              .formatted(
                  method(headerId),
                  totals.count,
                  size.apply(totals.original),
                  size.apply(totals.packed),
                  Percentages.saved(totals.original, totals.packed)));
    }

    private void print(String line) {
      cli.out().println(line);
    }
  }

  /// `content show`.
  @Command(name = "show", aliases = "cat", description = "Print contents as they were written.")
  static final class Show extends RepoCommand {
    @Option(
        names = {"-j", "--json"},
        negatable = true,
        description = "Indent the content, which is JSON.")
    boolean indent;

    @Option(
        names = {"-z", "--unzip"},
        negatable = true,
        description = "Unzip the content, which is gzip.")
    boolean unzip;

    @Parameters(arity = "1..*", paramLabel = "ID", description = "Content ids.")
    List<String> ids = List.of();

    Show(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      try (Repository repository = cli.connection().open()) {
        for (String text : ids) {
          ContentId id =
              ContentId.parse(text)
                  .orElseThrow(
                      () -> new CommandFailure(ExitCode.USAGE, "not a content id: " + text));
          byte[] bytes = repository.contents().read(id);
          if (unzip) {
            bytes = unzip(bytes);
          }
          cli.out().write(indent ? indented("content " + id, bytes) : bytes);
        }
      }
      return ExitCode.OK;
    }

    private static byte[] unzip(byte[] bytes) throws IOException {
      return Compression.GZIP.compressor().decompressUnknown(bytes, 0, bytes.length, 1 << 30);
    }

    static byte[] indented(String what, byte[] json) throws CorruptException {
      JsonInput.checkWellFormed(what, json);
      return JsonText.indent(json);
    }
  }
}
