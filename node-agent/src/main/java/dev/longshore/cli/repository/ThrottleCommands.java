package dev.longshore.cli.repository;

import dev.longshore.cli.Cli;
import dev.longshore.cli.CommandFailure;
import dev.longshore.cli.CommandGroup;
import dev.longshore.cli.ExitCode;
import dev.longshore.cli.RepoCommand;
import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.repository.ConnectionFile;
import dev.longshore.format.json.GoJsonWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `repository throttle`: how fast this client uses the repository's store.
final class ThrottleCommands {
  private ThrottleCommands() {}

  @Command(name = "throttle", description = "Limit how fast this client uses the repository.")
  static final class Group extends CommandGroup {}

  /// `repository throttle get`.
  @Command(name = "get", description = "Show the limits.")
  static final class Get extends RepoCommand {
    @Option(names = "--json", negatable = true, description = "Print JSON.")
    boolean json;

    Get(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      ThrottlingLimits limits = ConnectionFile.read(cli.connection().configFile()).limits();
      if (json) {
        var writer = new GoJsonWriter().beginObject();
        limits.writeTo(writer);
        cli.out().println(new String(writer.endObject().toByteArray(), StandardCharsets.UTF_8));
        return ExitCode.OK;
      }
      DoubleFunction<String> speed = cli.sizes()::rate;
      line("Max Download Speed:", limits.downloadBytesPerSecond(), speed);
      line("Max Upload Speed:", limits.uploadBytesPerSecond(), speed);
      line("Max Read Requests Per Second:", limits.readsPerSecond(), Get::plain);
      line("Max Write Requests Per Second:", limits.writesPerSecond(), Get::plain);
      line("Max List Requests Per Second:", limits.listsPerSecond(), Get::plain);
      line("Max Concurrent Reads:", limits.concurrentReads(), Get::plain);
      line("Max Concurrent Writes:", limits.concurrentWrites(), Get::plain);
      return ExitCode.OK;
    }

    private void line(String label, double value, DoubleFunction<String> text) {
      cli.out()
          .println("%-30s %s".formatted(label, value == 0 ? "(unlimited)" : text.apply(value)));
    }

    private static String plain(double value) {
      return new BigDecimal(value).setScale(0, RoundingMode.HALF_EVEN).toPlainString();
    }
  }

  /// `repository throttle set`.
  @Command(
      name = "set",
      description =
          "Set limits, which are kept with the connection. `unlimited` or `-` takes one away.")
  static final class Set extends RepoCommand {
    @Option(
        names = "--download-bytes-per-second",
        paramLabel = "N",
        description = "Bytes read a second.")
    @Nullable String download;

    @Option(
        names = "--upload-bytes-per-second",
        paramLabel = "N",
        description = "Bytes written a second.")
    @Nullable String upload;

    @Option(
        names = "--read-requests-per-second",
        paramLabel = "N",
        description = "Reads begun a second.")
    @Nullable String reads;

    @Option(
        names = "--write-requests-per-second",
        paramLabel = "N",
        description = "Writes and deletions begun a second.")
    @Nullable String writes;

    @Option(
        names = "--list-requests-per-second",
        paramLabel = "N",
        description = "Listings begun a second.")
    @Nullable String lists;

    @Option(names = "--concurrent-reads", paramLabel = "N", description = "Reads at once.")
    @Nullable String concurrentReads;

    @Option(names = "--concurrent-writes", paramLabel = "N", description = "Writes at once.")
    @Nullable String concurrentWrites;

    private int changes;

    Set(Cli cli) {
      super(cli);
    }

    @Override
    protected ExitCode run() throws IOException {
      Path file = cli.connection().configFile();
      ConnectionFile connection = ConnectionFile.read(file);
      ThrottlingLimits old = connection.limits();
      double newDownload = speed("max download speed", download, old.downloadBytesPerSecond());
      double newUpload = speed("max upload speed", upload, old.uploadBytesPerSecond());
      double newReads = rate("reads per second", reads, old.readsPerSecond());
      double newWrites = rate("writes per second", writes, old.writesPerSecond());
      double newLists = rate("lists per second", lists, old.listsPerSecond());
      int readers = count("concurrent reads", concurrentReads, old.concurrentReads());
      int writers = count("concurrent writes", concurrentWrites, old.concurrentWrites());
      if (changes == 0) {
        cli.notice("No changes made.");
        return ExitCode.OK;
      }
      connection
          .withLimits(
              new ThrottlingLimits(
                  newReads, newWrites, newLists, newUpload, newDownload, readers, writers))
          .write(file);
      return ExitCode.OK;
    }

    private double speed(String what, @Nullable String text, double old) {
      return limit(what, text, old, cli.sizes()::rate);
    }

    private double rate(String what, @Nullable String text, double old) {
      return limit(
          what, text, old, value -> new BigDecimal(value).stripTrailingZeros().toPlainString());
    }

    private int count(String what, @Nullable String text, int old) {
      if (text != null && !text.matches("unlimited|-|[0-9]{1,9}")) {
        throw new CommandFailure(
            ExitCode.USAGE, "the " + what + " must be a whole number or `unlimited`, not " + text);
      }
      return (int) limit(what, text, old, found -> Long.toString((long) found));
    }

    private double limit(
        String what, @Nullable String text, double old, DoubleFunction<String> shown) {
      if (text == null) {
        return old;
      }
      changes++;
      if (text.equals("unlimited") || text.equals("-")) {
        cli.notice("Setting " + what + " to unlimited.");
        return 0;
      }
      double value;
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        value = Double.NaN;
      }
      if (!Double.isFinite(value) || value < 0) {
        throw new CommandFailure(
            ExitCode.USAGE, "the " + what + " must be a number or `unlimited`, not " + text);
      }
      cli.notice("Setting " + what + " to " + shown.apply(value) + ".");
      return value;
    }
  }
}
