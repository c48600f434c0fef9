package dev.longshore.mover.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogLineTest {
  private static final Instant TIME = Instant.parse("2026-11-22T01:02:03.456Z");

  @Test
  void textQuotesWhatIsNotPlain() {
    assertEquals(
        "time=\"2026-11-22T01:02:03Z\" level=info msg=\"say \\\"hi\\\"\\n\" dataupload=velero/x-1",
        new LogLine(TIME, "info", "say \"hi\"\n").with("dataupload", "velero/x-1").text(false));
  }

  @Test
  void emptyValuesAreSeen() {
    assertEquals(
        "time=\"2026-11-22T01:02:03Z\" level=error msg=\"\"",
        new LogLine(TIME, "error", "").text(false));
  }

  @Test
  void jsonHasVelerosKeys() {
    assertEquals(
        "{\"time\":\"2026-11-22T01:02:03Z\",\"level\":\"warning\",\"msg\":\"a"
            + " b\",\"logSource\":\"x\"}",
        new LogLine(TIME, "warning", "a b").with("logSource", "x").text(true));
  }
}
