package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import org.jspecify.annotations.Nullable;

/// Which errors a snapshot passes over. Null is unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/error_handling_policy.go`.
public record ErrorHandlingPolicy(
    @Nullable Boolean ignoreFileErrors,
    @Nullable Boolean ignoreDirectoryErrors,
    @Nullable Boolean ignoreUnknownTypes) {
  /// Nothing set.
  public static final ErrorHandlingPolicy UNSET = new ErrorHandlingPolicy(null, null, null);

  private static final JsonFields FIELDS =
      JsonFields.of("ignoreFileErrors", "ignoreDirectoryErrors", "ignoreUnknownTypes");

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessNull("ignoreFileErrors", ignoreFileErrors)
        .fieldUnlessNull("ignoreDirectoryErrors", ignoreDirectoryErrors)
        .fieldUnlessNull("ignoreUnknownTypes", ignoreUnknownTypes)
        .endObject();
  }

  static ErrorHandlingPolicy readFrom(JsonInput json) throws CorruptException {
    Boolean ignoreFileErrors = null;
    Boolean ignoreDirectoryErrors = null;
    Boolean ignoreUnknownTypes = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "ignoreFileErrors" -> ignoreFileErrors = json.optionalBool();
          case "ignoreDirectoryErrors" -> ignoreDirectoryErrors = json.optionalBool();
          case "ignoreUnknownTypes" -> ignoreUnknownTypes = json.optionalBool();
          default -> json.skip();
        }
      }
    }
    return new ErrorHandlingPolicy(ignoreFileErrors, ignoreDirectoryErrors, ignoreUnknownTypes);
  }
}
