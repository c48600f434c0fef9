package dev.longshore.agent.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "10m0s,PT10M",
    "4h0m0s,PT4H",
    "1h30m,PT1H30M",
    "1.5h,PT1H30M",
    "300ms,PT0.3S",
    "0,PT0S",
    "-1s,PT-1S",
    "2us,PT0.000002S",
    "2µs,PT0.000002S",
    "7ns,PT0.000000007S",
    ".5s,PT0.5S"
  })
  void readsWhatGoWrites(String text, String iso) {
    assertEquals(Optional.of(Duration.parse(iso)), GoDuration.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "m", "1d", "1h x", "1h-1m", "--1s", "99999999999h", "1e3s"})
  void takesNothingElse(String text) {
    assertEquals(Optional.empty(), GoDuration.parse(text));
  }

  @Test
  void writesAsGoDoes() {
    assertEquals("4h0m0s", GoDuration.text(Duration.ofHours(4)));
    assertEquals("5m0s", GoDuration.text(Duration.ofMinutes(5)));
    assertEquals("30s", GoDuration.text(Duration.ofSeconds(30)));
  }
}
