package dev.longshore.format.epoch;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.id.BlobMetadata;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.GoTime;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The body of a V0 compaction log (`m` blob): these index blobs were merged into those.
///
/// JSON: `{"inputMetadata":[{"id","length","timestamp"},…],"outputMetadata":[…]}`.
///
/// Source: kopia 4ebb2be6c `repo/content/indexblob/index_blob_manager_v0.go`.
public record CompactionLog(List<BlobMetadata> inputs, List<BlobMetadata> outputs) {
  /// First letter of the blob's name.
  public static final String BLOB_PREFIX = "m";

  /// Copies the lists.
  public CompactionLog {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  private static final String WHAT = "compaction log";
  private static final JsonFields FIELDS = JsonFields.of("inputMetadata", "outputMetadata");
  private static final JsonFields BLOB_FIELDS = JsonFields.of("id", "length", "timestamp");

  /// The body to be sealed.
  public byte[] encode() {
    GoJsonWriter out = new GoJsonWriter().beginObject();
    write("inputMetadata", inputs, out);
    write("outputMetadata", outputs, out);
    return out.endObject().toByteArray();
  }

  private static void write(String name, List<BlobMetadata> blobs, GoJsonWriter out) {
    out.name(name).beginArray();
    for (BlobMetadata blob : blobs) {
      out.beginObject().field("id", blob.id().value()).field("length", blob.lengthBytes());
      out.field("timestamp", GoTime.format(blob.timestamp())).endObject();
    }
    out.endArray();
  }

  /// Reads an opened body.
  ///
  /// @throws CorruptException if it is not such JSON
  public static CompactionLog decode(byte[] json) throws CorruptException {
    List<BlobMetadata> inputs = List.of();
    List<BlobMetadata> outputs = List.of();
    try (JsonInput in = JsonInput.of(WHAT, json)) {
      if (in.beginObject()) {
        for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
          switch (f) {
            case "inputMetadata" -> inputs = blobs(in);
            case "outputMetadata" -> outputs = blobs(in);
            default -> in.skip();
          }
        }
      }
      in.finish();
    }
    return new CompactionLog(inputs, outputs);
  }

  private static List<BlobMetadata> blobs(JsonInput in) throws CorruptException {
    List<BlobMetadata> blobs = new ArrayList<>();
    if (in.beginArray()) {
      while (in.nextElement()) {
        blobs.add(blob(in));
      }
    }
    return blobs;
  }

  private static BlobMetadata blob(JsonInput in) throws CorruptException {
    String id = "";
    long length = 0;
    Instant timestamp = GoTime.ZERO;
    if (in.beginObject()) {
      for (String f = in.nextField(BLOB_FIELDS); f != null; f = in.nextField(BLOB_FIELDS)) {
        switch (f) {
          case "id" -> id = in.string();
          case "length" -> length = in.int64();
          case "timestamp" -> timestamp = in.instant();
          default -> in.skip();
        }
      }
    }
    return new BlobMetadata(blobId(WHAT, id), length, timestamp);
  }

  static BlobId blobId(String what, String id) throws CorruptException {
    if (!BlobId.isValid(id)) {
      throw new CorruptException(what, -1, "expected a blob name");
    }
    return new BlobId(id);
  }
}
