package dev.longshore.mover.run;

import dev.longshore.mover.task.LogLine;
import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;

/// A log in the words and with the keys of Velero's: a line for each message, as text (`time="…"
/// level=info msg="…" logSource=…`) or as JSON. Thread-safe.
public final class MoverLog {
  /// How much a message matters.
  public enum Level {
    DEBUG,
    INFO,
    WARNING,
    ERROR;

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Output output;
  private final String source;

  /// @param lock of the stream, which others may write to
  private record Output(
      PrintStream out,
      Clock clock,
      boolean json,
      Level least,
      SequencedMap<String, String> fields) {}

  private MoverLog(Output output, String source) {
    this.output = output;
    this.source = source;
  }

  /// A log on a stream.
  ///
  /// @param json rather than text
  /// @param least messages that matter less are dropped
  public static MoverLog on(PrintStream out, Clock clock, boolean json, Level least) {
    return new MoverLog(new Output(out, clock, json, least, new LinkedHashMap<>()), "mover");
  }

  /// This log with another field in each line.
  public MoverLog with(String key, String value) {
    SequencedMap<String, String> more = new LinkedHashMap<>(output.fields);
    more.put(key, value);
    return new MoverLog(
        new Output(output.out, output.clock, output.json, output.least, more), source);
  }

  /// This log as a class writes it.
  public MoverLog of(Class<?> type) {
    return new MoverLog(output, "mover/" + type.getSimpleName());
  }

  public void debug(String message) {
    log(Level.DEBUG, message);
  }

  public void info(String message) {
    log(Level.INFO, message);
  }

  public void warning(String message) {
    log(Level.WARNING, message);
  }

  public void error(String message) {
    log(Level.ERROR, message);
  }

  private void log(Level level, String message) {
    if (level.compareTo(output.least) < 0) {
      return;
    }
    String text =
        new LogLine(output.clock.instant(), level.word(), message)
            .with("logSource", source)
            .with(output.fields)
            .text(output.json);
    synchronized (output.out) {
      output.out.println(text);
      output.out.flush();
    }
  }
}
