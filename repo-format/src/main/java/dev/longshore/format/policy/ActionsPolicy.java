package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import org.jspecify.annotations.Nullable;

/// Commands to run. Null is unset. Those of a folder are for that folder alone and not inherited.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/actions_policy.go`.
public record ActionsPolicy(
    @Nullable ActionCommand beforeFolder,
    @Nullable ActionCommand afterFolder,
    @Nullable ActionCommand beforeSnapshotRoot,
    @Nullable ActionCommand afterSnapshotRoot) {
  /// Nothing set.
  public static final ActionsPolicy UNSET = new ActionsPolicy(null, null, null, null);

  private static final JsonFields FIELDS =
      JsonFields.of("beforeFolder", "afterFolder", "beforeSnapshotRoot", "afterSnapshotRoot");

  void writeTo(GoJsonWriter json) {
    json.beginObject();
    write(json, "beforeFolder", beforeFolder);
    write(json, "afterFolder", afterFolder);
    write(json, "beforeSnapshotRoot", beforeSnapshotRoot);
    write(json, "afterSnapshotRoot", afterSnapshotRoot);
    json.endObject();
  }

  private static void write(GoJsonWriter json, String name, @Nullable ActionCommand action) {
    if (action != null) {
      action.writeTo(json.name(name));
    }
  }

  static ActionsPolicy readFrom(JsonInput json) throws CorruptException {
    ActionCommand beforeFolder = null;
    ActionCommand afterFolder = null;
    ActionCommand beforeRoot = null;
    ActionCommand afterRoot = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        ActionCommand action = json.isNull() ? null : ActionCommand.readFrom(json);
        switch (name) {
          case "beforeFolder" -> beforeFolder = action;
          case "afterFolder" -> afterFolder = action;
          case "beforeSnapshotRoot" -> beforeRoot = action;
          default -> afterRoot = action;
        }
      }
    }
    return new ActionsPolicy(beforeFolder, afterFolder, beforeRoot, afterRoot);
  }
}
