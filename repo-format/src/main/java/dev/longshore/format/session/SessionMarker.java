package dev.longshore.format.session;

import dev.longshore.format.error.FormatException;
import java.time.Instant;
import java.time.ZoneOffset;

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

  /// The body to be sealed.
  public byte[] encode() {
    throw new UnsupportedOperationException("not yet " + ZoneOffset.UTC);
  }

  /// Reads an opened body.
  ///
  /// @throws FormatException if it is not such JSON
  public static SessionMarker decode(byte[] json) throws FormatException {
    throw new UnsupportedOperationException("not yet");
  }
}
