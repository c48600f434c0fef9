package dev.longshore.format.maintenance;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// When maintenance is due and how it went: the plain text of the blob `kopia.maintenance`.
///
/// | field | type | meaning |
/// |---|---|---|
/// | `nextFullMaintenance`, `nextQuickMaintenance` | time | year 1 for "at once" |
/// | `runs` | object, task name to array, or `null` | newest first, at most [#MAX_RUNS] each |
/// | `runs.*.start`, `.end` | time | |
/// | `runs.*.success` | boolean | absent if false |
/// | `runs.*.error` | string | absent if none |
/// | `runs.*.extra` | array of `{kind, data}` | absent if none |
///
/// The blob is a random nonce of 12 bytes and this, sealed with AES-256-GCM; key and sealing are
/// the caller's. Times written by Kopia may carry the offset of its zone; they come back here in
/// UTC.
///
/// Source: kopia 4ebb2be6c `repo/maintenance/maintenance_schedule.go`; all versions.
///
/// @param runs by task name, sorted
public record MaintenanceSchedule(
    Instant nextFull, Instant nextQuick, Map<String, List<TaskRun>> runs) {
  /// How many runs of a task are kept.
  public static final int MAX_RUNS = 50;

  /// What a repository without the blob has.
  public static final MaintenanceSchedule EMPTY =
      new MaintenanceSchedule(GoTime.ZERO, GoTime.ZERO, Map.of());

  private static final JsonFields FIELDS =
      JsonFields.of("nextFullMaintenance", "nextQuickMaintenance", "runs");
  private static final JsonFields RUN = JsonFields.of("start", "end", "success", "error", "extra");
  private static final JsonFields EXTRA = JsonFields.of("kind", "data");

  public MaintenanceSchedule {
    TreeMap<String, List<TaskRun>> sorted = new TreeMap<>();
    runs.forEach((task, list) -> sorted.put(task, List.copyOf(list)));
    runs = Collections.unmodifiableSortedMap(sorted);
  }

  /// The runs of a task, newest first.
  public List<TaskRun> runsOf(String task) {
    return runs.getOrDefault(task, List.of());
  }

  /// The same schedule with other times.
  public MaintenanceSchedule withNext(Instant full, Instant quick) {
    return new MaintenanceSchedule(full, quick, runs);
  }

  /// The same schedule with one more run of a task; the oldest beyond [#MAX_RUNS] are dropped.
  public MaintenanceSchedule withRun(String task, TaskRun run) {
    List<TaskRun> list = new ArrayList<>();
    list.add(run);
    list.addAll(runsOf(task));
    Map<String, List<TaskRun>> changed = new TreeMap<>(runs);
    changed.put(task, list.subList(0, Math.min(list.size(), MAX_RUNS)));
    return new MaintenanceSchedule(nextFull, nextQuick, changed);
  }

  /// The same schedule with another newest run of a task.
  ///
  /// @throws IllegalArgumentException if there is none to take the place of
  public MaintenanceSchedule withNewestRun(String task, TaskRun run) {
    List<TaskRun> list = new ArrayList<>(runsOf(task));
    if (list.isEmpty()) {
      throw new IllegalArgumentException("no run of " + task);
    }
    list.set(0, run);
    Map<String, List<TaskRun>> changed = new TreeMap<>(runs);
    changed.put(task, list);
    return new MaintenanceSchedule(nextFull, nextQuick, changed);
  }

  /// The plain text.
  public byte[] encode() {
    GoJsonWriter json = new GoJsonWriter();
    writeTo(json);
    return json.toByteArray();
  }

  /// Writes the plain text as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject()
        .field("nextFullMaintenance", GoTime.format(nextFull))
        .field("nextQuickMaintenance", GoTime.format(nextQuick))
        .name("runs");
    if (runs.isEmpty()) {
      json.nullValue();
    } else {
      json.beginObject();
      runs.forEach((task, list) -> {
        json.name(task).beginArray();
        list.forEach(run -> write(json, run));
        json.endArray();
      });
      json.endObject();
    }
    json.endObject();
  }

  private static void write(GoJsonWriter json, TaskRun run) {
    json.beginObject()
        .field("start", GoTime.format(run.start()))
        .field("end", GoTime.format(run.end()))
        .fieldIfTrue("success", run.success())
        .fieldUnlessEmpty("error", run.error());
    if (!run.extra().isEmpty()) {
      json.name("extra").beginArray();
      for (TaskRun.Extra extra : run.extra()) {
        json.beginObject().fieldUnlessEmpty("kind", extra.kind());
        if (extra.data().length > 0) {
          json.name("data").raw(extra.data());
        }
        json.endObject();
      }
      json.endArray();
    }
    json.endObject();
  }

  /// Reads the plain text.
  ///
  /// @throws CorruptException if it is not a schedule
  public static MaintenanceSchedule decode(byte[] plain) throws CorruptException {
    Instant full = GoTime.ZERO;
    Instant quick = GoTime.ZERO;
    Map<String, List<TaskRun>> runs = new TreeMap<>();
    try (JsonInput json = JsonInput.of("maintenance schedule", plain)) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "nextFullMaintenance" -> full = json.instant();
            case "nextQuickMaintenance" -> quick = json.instant();
            case "runs" -> readRuns(json, runs);
            default -> json.skip();
          }
        }
      }
      json.finish();
    }
    return new MaintenanceSchedule(full, quick, runs);
  }

  private static void readRuns(JsonInput json, Map<String, List<TaskRun>> runs)
      throws CorruptException {
    if (!json.beginObject()) {
      return;
    }
    for (String task = json.nextKey(); task != null; task = json.nextKey()) {
      List<TaskRun> list = new ArrayList<>();
      if (json.beginArray()) {
        while (json.nextElement()) {
          list.add(readRun(json));
        }
      }
      runs.put(task, list);
    }
  }

  private static TaskRun readRun(JsonInput json) throws CorruptException {
    Instant start = GoTime.ZERO;
    Instant end = GoTime.ZERO;
    boolean success = false;
    String error = "";
    List<TaskRun.Extra> extra = new ArrayList<>();
    if (json.beginObject()) {
      for (String name = json.nextField(RUN); name != null; name = json.nextField(RUN)) {
        switch (name) {
          case "start" -> start = json.instant();
          case "end" -> end = json.instant();
          case "success" -> success = json.bool();
          case "error" -> error = json.string();
          case "extra" -> readExtra(json, extra);
          default -> json.skip();
        }
      }
    }
    return new TaskRun(start, end, success, error, extra);
  }

  private static void readExtra(JsonInput json, List<TaskRun.Extra> extra) throws CorruptException {
    if (!json.beginArray()) {
      return;
    }
    while (json.nextElement()) {
      String kind = "";
      byte[] data = new byte[0];
      if (json.beginObject()) {
        for (String name = json.nextField(EXTRA); name != null; name = json.nextField(EXTRA)) {
          switch (name) {
            case "kind" -> kind = json.string();
            case "data" -> data = json.raw();
            default -> json.skip();
          }
        }
      }
      extra.add(new TaskRun.Extra(kind, data));
    }
  }
}
