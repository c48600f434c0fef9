package dev.longshore.mover.task;

import dev.longshore.kube.Json;
import dev.longshore.kube.JsonCodec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/// A line of the log of agent and mover, with the keys of Velero's: `time`, `level`, `msg`, and
/// what else belongs to it, as text (`time="…" level=info msg="…"`) or as JSON. Not safe for use by
/// many threads.
public final class LogLine {
  /// Values that text leaves without quotes.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._/@^+-]+");

  private final SequencedMap<String, String> fields = new LinkedHashMap<>();

  /// @param level `debug`, `info`, `warning` or `error`
  public LogLine(Instant time, String level, String message) {
    fields.put("time", time.truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("level", level);
    fields.put("msg", message);
  }

  /// Another field.
  public LogLine with(String key, String value) {
    fields.put(key, value);
    return this;
  }

  /// Other fields.
  public LogLine with(Map<String, String> more) {
    fields.putAll(more);
    return this;
  }

  /// The line, without its end.
  public String text(boolean json) {
    if (json) {
      return JsonCodec.write(Json.Obj.ofStrings(fields));
    }
    StringBuilder line = new StringBuilder();
    fields.forEach((key, value) -> {
      if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(key).append('=');
      line.append(PLAIN.matcher(value).matches() ? value : JsonCodec.write(new Json.Str(value)));
    });
    return line.toString();
  }
}
