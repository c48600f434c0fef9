package dev.longshore.format.repository;

import dev.longshore.format.error.FormatException;
import dev.longshore.format.id.BlobId;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Object lock settings, the content of `kopia.blobcfg`: which retention every write of an
/// important blob asks for.
///
/// JSON before encryption (as the inner block of [FormatBlob]): `{}` or
/// `{"retentionMode":"GOVERNANCE","retentionPeriod":<ns>}`. A missing blob means no retention.
///
/// Source: kopia 4ebb2be6c `repo/format/blobcfg_blob.go`.
///
/// @param mode empty, `GOVERNANCE` or `COMPLIANCE`
/// @param period zero when off, else a day at least
public record BlobRetention(String mode, Duration period) {
  /// The blob that holds the settings.
  public static final String BLOB_NAME = "kopia.blobcfg";

  /// No retention.
  public static final BlobRetention NONE = new BlobRetention("", Duration.ZERO);

  private static final JsonFields FIELDS = JsonFields.of("retentionMode", "retentionPeriod");
  private static final List<String> LOCKED_PREFIXES =
      List.of("n", "x", "kopia.repository", BLOB_NAME, "p", "q");

  /// Tells whether retention is on.
  public boolean isEnabled() {
    return !mode.isEmpty() && !period.isZero();
  }

  /// What the names of blobs that carry the retention begin with.
  public static List<String> lockedPrefixes() {
    return LOCKED_PREFIXES;
  }

  /// Tells whether a write of the blob carries the retention, if it is on.
  public static boolean appliesTo(BlobId id) {
    return LOCKED_PREFIXES.stream().anyMatch(id::startsWith);
  }

  /// The JSON to be sealed.
  byte[] encode() {
    GoJsonWriter out = new GoJsonWriter().beginObject();
    out.fieldUnlessEmpty("retentionMode", mode);
    out.fieldUnlessZero("retentionPeriod", period.toNanos());
    return out.endObject().toByteArray();
  }

  static BlobRetention decode(byte[] json) throws FormatException {
    String mode = "";
    Duration period = Duration.ZERO;
    try (JsonInput in = JsonInput.of("retention settings", json)) {
      if (in.beginObject()) {
        for (String f = in.nextField(FIELDS); f != null; f = in.nextField(FIELDS)) {
          switch (f) {
            case "retentionMode" -> mode = in.string();
            case "retentionPeriod" -> period = Duration.ofNanos(in.int64());
            default -> in.skip();
          }
        }
      }
      in.finish();
    }
    return new BlobRetention(mode, period);
  }

  /// The rules broken by these values, as sentences for a person; empty if they may be stored.
  public List<String> problems() {
    List<String> found = new ArrayList<>();
    if (mode.isEmpty() != period.isZero()) {
      found.add("a retention needs both a mode and a period");
    }
    if (!mode.isEmpty() && !mode.equals("GOVERNANCE") && !mode.equals("COMPLIANCE")) {
      found.add("unknown retention mode");
    }
    if (!period.isZero() && period.compareTo(Duration.ofDays(1)) < 0) {
      found.add("the retention period must be a day at least");
    }
    return found;
  }
}
