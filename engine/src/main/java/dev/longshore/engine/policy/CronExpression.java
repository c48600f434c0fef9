package dev.longshore.engine.policy;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The crontab expressions that Kopia takes in a schedule.
///
/// Fields, with white space between: minute, hour, day of the month, month, day of the week, then
/// perhaps a year; with seven fields or more, the first is the second, and what follows the seventh
/// is passed over. A field is a list of `*`, `?`, values and ranges, each with a step or without;
/// days of the month also know `L`, `LW` and `15W`, days of the week `5L`. Names of months and days
/// may be short or long, in any case. `@daily` and its like stand for seven fields. From `#` on,
/// all is comment. Kopia overlooks nonsense that follows a `*` in the same list; that is refused
/// here.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/scheduling_policy.go` and the library it checks with,
/// hashicorp/cronexpr 1.1.3.
final class CronExpression {
  private static final Pattern BLANKS = Pattern.compile("[ \t\n\f\r]+");
  private static final Pattern STEP =
      Pattern.compile("0?[0-9]|[1-5][0-9]|19[7-9][0-9]|20[0-9][0-9]");

  private static final Map<String, String> ALIASES =
      Map.of(
          "@yearly", "0 0 0 1 1 * *",
          "@annually", "0 0 0 1 1 * *",
          "@monthly", "0 0 0 1 * * *",
          "@weekly", "0 0 0 * * 0 *",
          "@daily", "0 0 0 * * * *",
          "@hourly", "0 0 * * * * *");

  private static final Field SIXTIETH = new Field("0?[0-9]|[1-5][0-9]", "", 59);
  private static final List<Field> FIELDS =
      List.of(
          SIXTIETH,
          SIXTIETH,
          new Field("0?[0-9]|1[0-9]|2[0-3]", "", 23),
          new Field("0?[1-9]|[12][0-9]|3[01]", "|lw?|(?:0?[1-9]|[12][0-9]|3[01])w", 31),
          new Field(
              "0?[1-9]|1[0-2]|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
                  + "|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
              "",
              12),
          new Field(Field.DAY_OF_WEEK, "|(?:" + Field.DAY_OF_WEEK + ")l", 6),
          new Field("19[7-9][0-9]|20[0-9][0-9]", "", 2099));

  private CronExpression() {}

  /// Tells whether an expression makes sense, or is nothing but a comment.
  static boolean isValid(String expression) {
    int comment = expression.indexOf('#');
    String text = (comment < 0 ? expression : expression.substring(0, comment)).strip();
    if (text.isEmpty()) {
      return true;
    }
    for (Map.Entry<String, String> alias : ALIASES.entrySet()) {
      text = text.replace(alias.getKey(), alias.getValue());
    }
    String[] fields = BLANKS.split(text, 0);
    if (fields.length < 5) {
      return false;
    }
    int first = fields.length >= 7 ? 0 : 1;
    for (int i = 0; i < fields.length && first + i < FIELDS.size(); i++) {
      if (!FIELDS.get(first + i).accepts(fields[i].toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  /// What one field may hold.
  private static final class Field {
    static final String DAY_OF_WEEK =
        "0?[0-7]|sun(?:day)?|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?"
            + "|sat(?:urday)?";

    private final Pattern entry;
    private final int maxStep;

    Field(String value, String alsoAlone, int maxStep) {
      String values = "(?:" + value + ")(?:-(?:" + value + "))?";
      this.entry = Pattern.compile("\\?|(?:\\*|" + values + ")(?:/([0-9]+))?" + alsoAlone);
      this.maxStep = maxStep;
    }

    boolean accepts(String text) {
      boolean any = false;
      for (String part : text.split(",", -1)) {
        if (part.isEmpty()) {
          continue;
        }
        Matcher found = entry.matcher(part);
        if (!found.matches() || !acceptsStep(found.group(1))) {
          return false;
        }
        any = true;
      }
      return any;
    }

    private boolean acceptsStep(@Nullable String step) {
      if (step == null) {
        return true;
      }
      // Kopia's library looks numbers up in the values that some field can have.
      if (!STEP.matcher(step).matches()) {
        return false;
      }
      int number = Integer.parseInt(step);
      return number >= 1 && number <= maxStep;
    }
  }
}
