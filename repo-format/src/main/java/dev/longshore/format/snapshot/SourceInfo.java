package dev.longshore.format.snapshot;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.Optional;

/// What a snapshot is of, or a policy is for: a path as a user of a host sees it.
///
/// Parts may be empty in policies' targets: no path means all of a user's, no user all of a host's,
/// nothing at all is [#GLOBAL]. Written `user@host:/path`, `user@host`, `@host` or `(global)`.
///
/// Source: kopia 4ebb2be6c `snapshot/source.go`.
public record SourceInfo(String host, String userName, String path) {
  /// The target of the global policy.
  public static final SourceInfo GLOBAL = new SourceInfo("", "", "");

  private static final String GLOBAL_TEXT = "(global)";
  private static final JsonFields FIELDS = JsonFields.of("host", "userName", "path");

  /// Reads the written form; empty for a bare path, which only the caller can complete, and for
  /// nonsense.
  public static Optional<SourceInfo> parse(String text) {
    if (text.equals(GLOBAL_TEXT)) {
      return Optional.of(GLOBAL);
    }
    int at = text.indexOf('@');
    int colon = text.indexOf(':');
    if (at > 0 && colon > at) {
      return Optional.of(
          new SourceInfo(
              text.substring(at + 1, colon), text.substring(0, at), text.substring(colon + 1)));
    }
    if (at >= 0 && colon < 0 && at + 1 < text.length()) {
      return Optional.of(new SourceInfo(text.substring(at + 1), text.substring(0, at), ""));
    }
    return Optional.empty();
  }

  /// Tells whether this is [#GLOBAL].
  public boolean isGlobal() {
    return equals(GLOBAL);
  }

  /// Writes the three fields as the value due.
  public void writeTo(GoJsonWriter json) {
    json.beginObject()
        .field("host", host)
        .field("userName", userName)
        .field("path", path)
        .endObject();
  }

  /// Reads the value due, an object.
  ///
  /// @throws CorruptException if it is not one
  public static SourceInfo readFrom(JsonInput json) throws CorruptException {
    String host = "";
    String userName = "";
    String path = "";
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "host" -> host = json.string();
          case "userName" -> userName = json.string();
          case "path" -> path = json.string();
          default -> json.skip();
        }
      }
    }
    return new SourceInfo(host, userName, path);
  }

  @Override
  public String toString() {
    if (isGlobal()) {
      return GLOBAL_TEXT;
    }
    return userName + "@" + host + (path.isEmpty() ? "" : ":" + path);
  }
}
