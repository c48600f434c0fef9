package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The verdicts are those of hashicorp/cronexpr 1.1.3 behind Kopia's stripping of comments.
final class CronExpressionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 12 * * *",
        "*/15 * * * *",
        "@daily",
        "@weekly # at night",
        "@hourly extra",
        "# nothing but words",
        "",
        "0 0 1 1 * 2030",
        "0 0 0 1 1 * 2030",
        "0 0 0 1 1 * 2030 and more words",
        "0 0 LW,15W,l * *",
        "0 0 ? * MON-FRI",
        "0 0 * * friL",
        "0 0 * * 5#3",
        "0 0 * january,FEB *",
        "0 0 5-1/3 * 07",
        ",,5 0 * * *",
        "*/07 * * * *",
        "0 0 * * * */1970",
        "0\t0  * * *"
      })
  void acceptsWhatKopiaAccepts(String expression) {
    assertTrue(CronExpression.isValid(expression));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at noon",
        "* * * *",
        "@DAILY",
        "60 0 * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32W * *",
        "0 0 * 13 *",
        "0 0 * janu *",
        "0 0 * * 8",
        "0 0 * * L",
        "0 0 0 1 1 * 1969",
        "*/0 * * * *",
        "*/60 * * * *",
        "*/007 * * * *",
        "*/99999999999999999999 * * * *",
        "0 0 * * */7",
        "0 0 * * * */60",
        ", 0 * * *",
        "*-5 0 * * *",
        "?/5 0 * * *",
        "1- 0 * * *",
        "x,* 0 * * *",
        "*,x 0 * * *"
      })
  void refusesWhatIsNoSchedule(String expression) {
    assertFalse(CronExpression.isValid(expression));
  }
}
