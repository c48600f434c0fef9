package dev.longshore.format.epoch;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The body of a V0 cleanup list (`l` blob): compaction logs whose inputs are gone, to be deleted
/// later.
///
/// JSON: `{"blobIDs":["m…"],"cleanupScheduleTime":"…"}`.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public record CleanupList(List<BlobId> blobIds, Instant scheduleTime) {
  /// First letter of the blob's name.
  public static final String BLOB_PREFIX = "l";

  /// Copies the list.
  public CleanupList {
    blobIds = List.copyOf(blobIds);
  }

  private static final String WHAT = "cleanup list";
  private static final JsonFields FIELDS = JsonFields.of("blobIDs", "cleanupScheduleTime");

  /// The body to be sealed.
  public byte[] encode() {
    GoJsonWriter out = new GoJsonWriter().beginObject().name("blobIDs").beginArray();
    blobIds.forEach(id -> out.value(id.value()));
    out.endArray().field("cleanupScheduleTime", GoTime.format(scheduleTime));
    return out.endObject().toByteArray();
  }

  /// Reads an opened body.
  ///
  /// @throws CorruptException if it is not such JSON
  public static CleanupList decode(byte[] json) throws CorruptException {
    List<BlobId> blobIds = new ArrayList<>();
    Instant scheduleTime = GoTime.ZERO;
    try (JsonInput in = JsonInput.of(WHAT, json)) {
      if (in.beginObject()) {
        for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
          switch (f) {
            case "blobIDs" -> {
              for (String id : in.strings()) {
                blobIds.add(CompactionLog.blobId(WHAT, id));
              }
            }
            case "cleanupScheduleTime" -> scheduleTime = in.instant();
            default -> in.skip();
          }
        }
      }
      in.finish();
    }
    return new CleanupList(blobIds, scheduleTime);
  }
}
