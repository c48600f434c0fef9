package dev.longshore.format.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFuzz;
import dev.longshore.format.json.Upper;
import dev.longshore.format.manifest.ManifestContent;
import dev.longshore.format.manifest.ManifestEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaintenanceTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesTheParametersOfANewRepository() throws CorruptException {
    int found = 0;
    for (String[] row : Upper.rows("manifests.txt", "content")) {
      for (ManifestEntry entry : ManifestContent.decode(Upper.base64(row[1]))) {
        if (entry.labels().equals(MaintenanceParams.LABELS)) {
          String stored = Upper.text(entry.data());
          assertEquals(stored, Upper.text(MaintenanceParams.defaults("u@h").encode()));
          assertEquals(MaintenanceParams.defaults("u@h"), MaintenanceParams.decode(entry.data()));
          found++;
        }
      }
    }
    assertEquals(1, found);
  }

  @Test
  void writesTheSchedulesKopiaWrites() throws CorruptException {
    for (String line : Upper.lines("schedules.txt")) {
      assertEquals(line, Upper.text(MaintenanceSchedule.decode(utf8(line)).encode()));
    }
  }

  @Test
  void readsTimesWithOffsets() throws CorruptException {
    MaintenanceSchedule schedule =
        MaintenanceSchedule.decode(
            utf8("{\"nextFullMaintenance\":\"2026-11-22T13:54:56.5+02:00\",\"runs\":null}"));
    assertEquals(Instant.parse("2026-11-22T11:54:56.5Z"), schedule.nextFull());
    assertEquals(GoTime.ZERO, schedule.nextQuick());
    assertEquals(MaintenanceSchedule.EMPTY, MaintenanceSchedule.decode(utf8("{}")));
  }

  @Test
  void keepsFiftyRunsOfATaskNewestFirst() {
    MaintenanceSchedule schedule = MaintenanceSchedule.EMPTY;
    for (int i = 0; i < 120; i++) {
      TaskRun run =
          new TaskRun(Instant.ofEpochSecond(i), Instant.ofEpochSecond(i), true, "", List.of());
      schedule = schedule.withRun(i % 2 == 0 ? "a" : "b", run);
    }
    assertEquals(MaintenanceSchedule.MAX_RUNS, schedule.runsOf("a").size());
    assertEquals(Instant.ofEpochSecond(118), schedule.runsOf("a").getFirst().start());
    assertEquals(Instant.ofEpochSecond(20), schedule.runsOf("a").getLast().start());
    assertEquals(List.of(), schedule.runsOf("c"));
  }

  @Test
  void survivesHostileBytes() throws IOException {
    JsonFuzz.run(
        17,
        Upper.lines("schedules.txt").stream().map(MaintenanceTest::utf8).toList(),
        bytes -> {
          MaintenanceSchedule schedule = MaintenanceSchedule.decode(bytes);
          MaintenanceSchedule again = MaintenanceSchedule.decode(schedule.encode());
          assertEquals(schedule.nextFull(), again.nextFull());
          assertEquals(schedule.runs().keySet(), again.runs().keySet());
        });
    JsonFuzz.run(
        18,
        List.of(MaintenanceParams.defaults("u@h").encode()),
        bytes -> {
          MaintenanceParams params = MaintenanceParams.decode(bytes);
          assertEquals(params, MaintenanceParams.decode(params.encode()));
        });
  }
}
