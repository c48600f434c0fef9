package dev.longshore.cli;

import dev.longshore.cli.output.GoDurations;
import dev.longshore.cli.output.ProgressLine;
import dev.longshore.cli.output.Sizes;
import dev.longshore.cli.output.Text;
import dev.longshore.cli.output.Times;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;

/// What every command shares: the terminal, the global options, the connection.
public final class Cli {
  private final Terminal terminal;
  private final GlobalOptions options = new GlobalOptions();

  Cli(Terminal terminal) {
    this.terminal = terminal;
  }

  /// The world outside.
  public Terminal terminal() {
    return terminal;
  }

  GlobalOptions options() {
    return options;
  }

  /// The repository the command works on.
  public Connection connection() {
    return new Connection(terminal, options);
  }

  /// Whether maintenance that is due follows a command that changes snapshots.
  public boolean autoMaintenance() {
    return options.autoMaintenance;
  }

  /// Whether the user has said that a command may destroy data.
  public boolean isDangerAccepted() {
    return options.dangerousCommands.equals("enabled")
        || terminal
            .variable("KOPIA_DANGEROUS_COMMANDS")
            .or(() -> terminal.variable("KOPIA_ADVANCED_COMMANDS"))
            .filter("enabled"::equals)
            .isPresent();
  }

  /// Whether JSON is to have line breaks and indentation (`--json-indent`).
  public boolean isJsonIndented() {
    return options.jsonIndent;
  }

  /// Whether JSON is to have what Kopia counts as not essential (`--json-verbose`).
  public boolean isJsonVerbose() {
    return options.jsonVerbose;
  }

  /// Where results go.
  public PrintStream out() {
    return terminal.out();
  }

  /// Prints a notice for people on standard error.
  public void notice(String text) {
    terminal.err().println(Text.visible(text));
  }

  /// Sizes in the units the user chose (`KOPIA_BYTES_STRING_BASE_2`).
  public Sizes sizes() {
    return new Sizes(terminal.flag("KOPIA_BYTES_STRING_BASE_2"));
  }

  /// Times in the zone the user chose (`--timezone`).
  public Times times() {
    return new Times(zone());
  }

  private ZoneId zone() {
    return switch (options.timezone) {
      case "local", "original" -> ZoneId.systemDefault();
      case "utc", "UTC" -> ZoneId.of("UTC");
      default -> namedZone(options.timezone);
    };
  }

  private static ZoneId namedZone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "--timezone: no such time zone: " + Text.visible(name), e);
    }
  }

  /// A progress line on standard error; it shows nothing under `--no-progress`.
  public ProgressLine progressLine() {
    Duration interval =
        GoDurations.parse(options.progressInterval)
            .orElseThrow(() ->
                new CommandFailure(ExitCode.USAGE, "--progress-update-interval: not a duration"));
    PrintStream err =
        options.progress
            ? terminal.err()
            : new PrintStream(java.io.OutputStream.nullOutputStream());
    return new ProgressLine(
        err, terminal.interactive() && options.progress, interval, terminal.clock());
  }
}
