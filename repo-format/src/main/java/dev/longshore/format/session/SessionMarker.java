package dev.longshore.format.session;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Instant;

/// The plain body of a session marker: the blob `s<hash>-<session>` that shows an unfinished
/// session.
///
/// JSON: `{"id","startTime","checkpointTime","username","hostname"}`; kopia writes times with its
/// local zone offset, we write UTC; both are read.
///
/// Source: kopia 4ebb2be6c `repo/content/sessions.go`.
///
/// @param checkpointTime last sign of life, today always the start
public record SessionMarker(
    SessionId id, Instant startTime, Instant checkpointTime, String userName, String hostName) {
  /// The first letter of a marker's blob name.
  public static final String BLOB_PREFIX = "s";

  private static final JsonFields FIELDS =
      JsonFields.of("id", "startTime", "checkpointTime", "username", "hostname");

  /// The body to be sealed.
  public byte[] encode() {
    return new GoJsonWriter()
        .beginObject()
        .field("id", id.value())
        .field("startTime", GoTime.format(startTime))
        .field("checkpointTime", GoTime.format(checkpointTime))
        .field("username", userName)
        .field("hostname", hostName)
        .endObject()
        .toByteArray();
  }

  /// Reads an opened body.
  ///
  /// @throws CorruptException if it is not such JSON, or the id is not a session's
  public static SessionMarker decode(byte[] json) throws CorruptException {
    String id = "";
    Instant startTime = GoTime.ZERO;
    Instant checkpointTime = GoTime.ZERO;
    String userName = "";
    String hostName = "";
    try (JsonInput in = JsonInput.of("session marker", json)) {
      if (in.beginObject()) {
        for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
          switch (f) {
            case "id" -> id = in.string();
            case "startTime" -> startTime = in.instant();
            case "checkpointTime" -> checkpointTime = in.instant();
            case "username" -> userName = in.string();
            case "hostname" -> hostName = in.string();
            default -> in.skip();
          }
        }
      }
      in.finish();
    }
    if (!SessionId.isValid(id)) {
      throw new CorruptException("session marker", -1, "the id is not a session's");
    }
    return new SessionMarker(new SessionId(id), startTime, checkpointTime, userName, hostName);
  }
}
