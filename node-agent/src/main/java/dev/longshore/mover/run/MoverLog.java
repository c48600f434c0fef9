package dev.longshore.mover.run;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
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
    SequencedMap<String, String> line = new LinkedHashMap<>();
    line.put("time", output.clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    line.put("level", level.word());
    line.put("msg", message);
    line.put("logSource", source);
    line.putAll(output.fields);
    String text = output.json ? JsonCodec.write(Json.Obj.ofStrings(line)) : text(line);
    synchronized (output.out) {
      output.out.println(text);
      output.out.flush();
    }
  }

  private static String text(SequencedMap<String, String> line) {
    StringBuilder text = new StringBuilder();
    line.forEach((key, value) -> {
      if (!text.isEmpty()) {
        text.append(' ');
      }
      text.append(key).append('=').append(isPlain(value) ? value : quoted(value));
    });
    return text.toString();
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty() && value.matches("[A-Za-z0-9._/@^+-]+");
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.append('"').toString();
  }
}
