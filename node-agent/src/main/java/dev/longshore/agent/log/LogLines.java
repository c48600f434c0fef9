package dev.longshore.agent.log;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
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

  private final boolean json;

  private LogLines(boolean json) {
    this.json = json;
  }

  /// Sends what the whole process logs to a stream.
  ///
  /// @param level `debug`, `info`, `warning` or `error`; another is taken as `info`
  public static void install(PrintStream out, boolean json, String level) {
    LogManager.getLogManager().reset();
    Level least =
        switch (level) {
          case "debug" -> Level.FINE;
          case "warning" -> Level.WARNING;
          case "error" -> Level.SEVERE;
          default -> Level.INFO;
        };
    Handler handler = new FlushedHandler(out, new LogLines(json));
    handler.setLevel(least);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    // What libraries have to say in detail is not for this log.
    root.setLevel(Level.WARNING);
    OURS.setLevel(least);
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
  }

  @Override
  public String format(LogRecord entry) {
    SequencedMap<String, String> fields = new LinkedHashMap<>();
    fields.put("time", entry.getInstant().truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("level", level(entry.getLevel()));
    fields.put("msg", formatMessage(entry));
    Throwable thrown = entry.getThrown();
    if (thrown != null) {
      fields.put(json ? "error.message" : "error", thrown.toString());
    }
    String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
    fields.put("logSource", name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
    fields.put("controller", "longshore");
    return (json ? JsonCodec.write(Json.Obj.ofStrings(fields)) : text(fields)) + "\n";
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

  private static String text(SequencedMap<String, String> fields) {
    StringBuilder line = new StringBuilder();
    fields.forEach((key, value) -> {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      boolean plain = !value.isEmpty() && value.matches("[A-Za-z0-9._/@^+:-]+");
      line.append(key).append('=').append(plain ? value : JsonCodec.write(new Json.Str(value)));
    });
    return line.toString();
  }
}
