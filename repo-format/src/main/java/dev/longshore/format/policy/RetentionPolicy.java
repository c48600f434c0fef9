package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import org.jspecify.annotations.Nullable;

/// How many snapshots of a source stay, by age. Null is unset; 0 is none of that kind.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/retention_policy.go`.
///
/// @param ignoreIdenticalSnapshots do not save a snapshot whose root is the last one's
public record RetentionPolicy(
    @Nullable Long keepLatest,
    @Nullable Long keepHourly,
    @Nullable Long keepDaily,
    @Nullable Long keepWeekly,
    @Nullable Long keepMonthly,
    @Nullable Long keepAnnual,
    @Nullable Boolean ignoreIdenticalSnapshots) {
  /// Nothing set.
  public static final RetentionPolicy UNSET =
      new RetentionPolicy(null, null, null, null, null, null, null);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "keepLatest",
          "keepHourly",
          "keepDaily",
          "keepWeekly",
          "keepMonthly",
          "keepAnnual",
          "ignoreIdenticalSnapshots");

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessNull("keepLatest", keepLatest)
        .fieldUnlessNull("keepHourly", keepHourly)
        .fieldUnlessNull("keepDaily", keepDaily)
        .fieldUnlessNull("keepWeekly", keepWeekly)
        .fieldUnlessNull("keepMonthly", keepMonthly)
        .fieldUnlessNull("keepAnnual", keepAnnual)
        .fieldUnlessNull("ignoreIdenticalSnapshots", ignoreIdenticalSnapshots)
        .endObject();
  }

  static RetentionPolicy readFrom(JsonInput json) throws CorruptException {
    Long keepLatest = null;
    Long keepHourly = null;
    Long keepDaily = null;
    Long keepWeekly = null;
    Long keepMonthly = null;
    Long keepAnnual = null;
    Boolean ignoreIdenticalSnapshots = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "keepLatest" -> keepLatest = json.optionalInt64();
          case "keepHourly" -> keepHourly = json.optionalInt64();
          case "keepDaily" -> keepDaily = json.optionalInt64();
          case "keepWeekly" -> keepWeekly = json.optionalInt64();
          case "keepMonthly" -> keepMonthly = json.optionalInt64();
          case "keepAnnual" -> keepAnnual = json.optionalInt64();
          case "ignoreIdenticalSnapshots" -> ignoreIdenticalSnapshots = json.optionalBool();
          default -> json.skip();
        }
      }
    }
    return new RetentionPolicy(
        keepLatest,
        keepHourly,
        keepDaily,
        keepWeekly,
        keepMonthly,
        keepAnnual,
        ignoreIdenticalSnapshots);
  }
}
