package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// When snapshots are taken. Null, 0, false and an empty list are unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/scheduling_policy.go`.
///
/// @param manual only on request; excludes all others
/// @param cron expressions
/// @param runMissed catch up on a snapshot that was due while nothing ran
public record SchedulingPolicy(
    long intervalSeconds,
    List<TimeOfDay> timesOfDay,
    boolean noParentTimesOfDay,
    boolean manual,
    List<String> cron,
    @Nullable Boolean runMissed) {
  /// Nothing set.
  public static final SchedulingPolicy UNSET =
      new SchedulingPolicy(0, List.of(), false, false, List.of(), null);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "intervalSeconds", "timeOfDay", "noParentTimeOfDay", "manual", "cron", "runMissed");
  private static final JsonFields TIME = JsonFields.of("hour", "min");

  public SchedulingPolicy {
    timesOfDay = List.copyOf(timesOfDay);
    cron = List.copyOf(cron);
  }

  void writeTo(GoJsonWriter json) {
    json.beginObject().fieldUnlessZero("intervalSeconds", intervalSeconds);
    if (!timesOfDay.isEmpty()) {
      json.name("timeOfDay").beginArray();
      for (TimeOfDay time : timesOfDay) {
        json.beginObject().field("hour", time.hour()).field("min", time.minute()).endObject();
      }
      json.endArray();
    }
    json.fieldIfTrue("noParentTimeOfDay", noParentTimesOfDay)
        .fieldIfTrue("manual", manual)
        .fieldUnlessEmpty("cron", cron)
        .fieldUnlessNull("runMissed", runMissed)
        .endObject();
  }

  static SchedulingPolicy readFrom(JsonInput json) throws CorruptException {
    long intervalSeconds = 0;
    List<TimeOfDay> times = List.of();
    boolean noParentTimes = false;
    boolean manual = false;
    List<String> cron = List.of();
    Boolean runMissed = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "intervalSeconds" -> intervalSeconds = json.int64();
          case "timeOfDay" -> times = readTimes(json);
          case "noParentTimeOfDay" -> noParentTimes = json.bool();
          case "manual" -> manual = json.bool();
          case "cron" -> cron = json.strings();
          case "runMissed" -> runMissed = json.optionalBool();
          default -> json.skip();
        }
      }
    }
    return new SchedulingPolicy(intervalSeconds, times, noParentTimes, manual, cron, runMissed);
  }

  private static List<TimeOfDay> readTimes(JsonInput json) throws CorruptException {
    List<TimeOfDay> times = new ArrayList<>();
    if (json.beginArray()) {
      while (json.nextElement()) {
        long hour = 0;
        long minute = 0;
        if (json.beginObject()) {
          for (String name = json.nextField(TIME); name != null; name = json.nextField(TIME)) {
            if (name.equals("hour")) {
              hour = json.int64();
            } else {
              minute = json.int64();
            }
          }
        }
        times.add(new TimeOfDay(hour, minute));
      }
    }
    return times;
  }
}
