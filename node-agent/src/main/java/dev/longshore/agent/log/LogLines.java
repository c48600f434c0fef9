package dev.longshore.agent.log;

import dev.longshore.mover.task.LogLine;
import java.io.PrintStream;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/// A line of the log for each message: `time`, `level`, `msg`, `logSource` and `controller`, as
/// logfmt or JSON.
public final class LogLines extends Formatter {
  private static final String PREFIX = "dev.longshore.";

  private final PrintStream out;
  private final boolean json;

  private LogLines(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  /// Sends what the whole process logs to a stream.
  ///
  /// @param level `debug`, `info`, `warning` or `error`; another is taken as `info`
  public static LogLines install(PrintStream out, boolean json, String level) {
    LogManager.getLogManager().reset();
    Level least =
        switch (level) {
          case "debug" -> Level.FINE;
          case "warning" -> Level.WARNING;
          case "error" -> Level.SEVERE;
          default -> Level.INFO;
        };
    LogLines lines = new LogLines(out, json);
    Handler handler = new FlushedHandler(out, lines);
    handler.setLevel(least);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    // What libraries have to say in detail is not for this log.
    root.setLevel(Level.WARNING);
    OURS.setLevel(least);
    return lines;
  }

  /// Kept here: a logger that nobody holds forgets its level.
  private static final Logger OURS = Logger.getLogger("dev.longshore");

  private static final class FlushedHandler extends StreamHandler {
    FlushedHandler(PrintStream out, Formatter formatter) {
      super(out, formatter);
    }

    @Override
    public synchronized void publish(LogRecord entry) {
      super.publish(entry);
      flush();
    }

    /// The stream stays open: it is the process's own.
    @Override
    public synchronized void close() {
      flush();
    }
  }

  @Override
  public String format(LogRecord entry) {
    LogLine line = new LogLine(entry.getInstant(), level(entry.getLevel()), formatMessage(entry));
    Throwable thrown = entry.getThrown();
    if (thrown != null) {
      line.with(json ? "error.message" : "error", thrown.toString());
    }
    String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
    return line.with("logSource", name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name)
            .with("controller", "longshore")
            .text(json)
        + "\n";
  }

  /// Writes a message past Java's logging, which falls silent when the process is told to end.
  public void last(String source, String message) {
    LogRecord entry = new LogRecord(Level.INFO, message);
    entry.setLoggerName(source);
    out.print(format(entry));
    out.flush();
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "error";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "warning";
    }
    return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
  }
}
