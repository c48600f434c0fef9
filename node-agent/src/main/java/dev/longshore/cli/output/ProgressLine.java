package dev.longshore.cli.output;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// Progress of a long command on standard error: one line redrawn in place on a terminal, a plain
/// line now and then elsewhere. Safe for use by many threads.
public final class ProgressLine implements AutoCloseable {
  /// How often a line is printed where there is no terminal.
  private static final Duration QUIET_INTERVAL = Duration.ofSeconds(30);

  private static final String CLEAR_TO_END = "\u001b[K";

  private final PrintStream err;
  private final boolean terminal;
  private final Duration interval;
  private final Clock clock;
  private Instant next;
  private boolean drawn;

  /// @param terminal redraw in place every `interval`; otherwise a line each half minute
  public ProgressLine(PrintStream err, boolean terminal, Duration interval, Clock clock) {
    this.err = err;
    this.terminal = terminal;
    this.interval = terminal ? interval : QUIET_INTERVAL;
    this.clock = clock;
    this.next = clock.instant().plus(this.interval);
  }

  /// Shows `line` if it is time to; the supplier is not asked otherwise.
  public synchronized void update(Supplier<String> line) {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(interval);
    if (terminal) {
      err.print("\r" + Text.visible(line.get()) + CLEAR_TO_END);
      err.flush();
      drawn = true;
    } else {
      err.println(Text.visible(line.get()));
    }
  }

  /// Prints a message on a line of its own, above the progress line.
  public synchronized void message(String text) {
    clear();
    err.println(Text.visible(text));
  }

  private void clear() {
    if (drawn) {
      err.print("\r" + CLEAR_TO_END);
      drawn = false;
    }
  }

  /// Removes the progress line.
  @Override
  public synchronized void close() {
    clear();
    err.flush();
  }
}
