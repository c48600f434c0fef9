package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.List;

/// A command to run around a snapshot or a directory. "", 0 and an empty list are unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/actions_policy.go`.
///
/// @param script run instead of `command` by a shell
/// @param mode `essential`, `optional` or `async`
public record ActionCommand(
    String command, List<String> arguments, String script, long timeoutSeconds, String mode) {
  /// Nothing set.
  public static final ActionCommand UNSET = new ActionCommand("", List.of(), "", 0, "");

  private static final JsonFields FIELDS =
      JsonFields.of("path", "args", "script", "timeout", "mode");

  public ActionCommand {
    arguments = List.copyOf(arguments);
  }

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessEmpty("path", command)
        .fieldUnlessEmpty("args", arguments)
        .fieldUnlessEmpty("script", script)
        .fieldUnlessZero("timeout", timeoutSeconds)
        .fieldUnlessEmpty("mode", mode)
        .endObject();
  }

  static ActionCommand readFrom(JsonInput json) throws CorruptException {
    String command = "";
    List<String> arguments = List.of();
    String script = "";
    long timeoutSeconds = 0;
    String mode = "";
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "path" -> command = json.string();
          case "args" -> arguments = json.strings();
          case "script" -> script = json.string();
          case "timeout" -> timeoutSeconds = json.int64();
          case "mode" -> mode = json.string();
          default -> json.skip();
        }
      }
    }
    return new ActionCommand(command, arguments, script, timeoutSeconds, mode);
  }
}
