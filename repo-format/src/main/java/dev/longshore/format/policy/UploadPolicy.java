package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import org.jspecify.annotations.Nullable;

/// How much a snapshot does at once. Null is unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/upload_policy.go`.
///
/// @param parallelUploadAboveSizeBytes files larger than this go up in parts of this size; unset or
///   negative means never
public record UploadPolicy(
    @Nullable Long maxParallelSnapshots,
    @Nullable Long maxParallelFileReads,
    @Nullable Long parallelUploadAboveSizeBytes) {
  /// Nothing set.
  public static final UploadPolicy UNSET = new UploadPolicy(null, null, null);

  private static final JsonFields FIELDS =
      JsonFields.of("maxParallelSnapshots", "maxParallelFileReads", "parallelUploadAboveSize");

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessNull("maxParallelSnapshots", maxParallelSnapshots)
        .fieldUnlessNull("maxParallelFileReads", maxParallelFileReads)
        .fieldUnlessNull("parallelUploadAboveSize", parallelUploadAboveSizeBytes)
        .endObject();
  }

  static UploadPolicy readFrom(JsonInput json) throws CorruptException {
    Long maxParallelSnapshots = null;
    Long maxParallelFileReads = null;
    Long parallelUploadAboveSizeBytes = null;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "maxParallelSnapshots" -> maxParallelSnapshots = json.optionalInt64();
          case "maxParallelFileReads" -> maxParallelFileReads = json.optionalInt64();
          case "parallelUploadAboveSize" -> parallelUploadAboveSizeBytes = json.optionalInt64();
          default -> json.skip();
        }
      }
    }
    return new UploadPolicy(
        maxParallelSnapshots, maxParallelFileReads, parallelUploadAboveSizeBytes);
  }
}
