package dev.longshore.format.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import java.util.List;

/// How file contents are compressed. "", 0, false and an empty list are unset.
///
/// Source: kopia 4ebb2be6c `snapshot/policy/compression_policy.go`.
///
/// @param compressorName a compressor, `none`, or "" for unset
/// @param onlyCompress extensions with their dot; they only except from `neverCompress`
/// @param neverCompress extensions with their dot
public record CompressionPolicy(
    String compressorName,
    List<String> onlyCompress,
    boolean noParentOnlyCompress,
    List<String> neverCompress,
    boolean noParentNeverCompress,
    long minSizeBytes,
    long maxSizeBytes) {
  /// Nothing set.
  public static final CompressionPolicy UNSET =
      new CompressionPolicy("", List.of(), false, List.of(), false, 0, 0);

  private static final JsonFields FIELDS =
      JsonFields.of(
          "compressorName",
          "onlyCompress",
          "noParentOnlyCompress",
          "neverCompress",
          "noParentNeverCompress",
          "minSize",
          "maxSize");

  public CompressionPolicy {
    onlyCompress = List.copyOf(onlyCompress);
    neverCompress = List.copyOf(neverCompress);
  }

  void writeTo(GoJsonWriter json) {
    json.beginObject()
        .fieldUnlessEmpty("compressorName", compressorName)
        .fieldUnlessEmpty("onlyCompress", onlyCompress)
        .fieldIfTrue("noParentOnlyCompress", noParentOnlyCompress)
        .fieldUnlessEmpty("neverCompress", neverCompress)
        .fieldIfTrue("noParentNeverCompress", noParentNeverCompress)
        .fieldUnlessZero("minSize", minSizeBytes)
        .fieldUnlessZero("maxSize", maxSizeBytes)
        .endObject();
  }

  static CompressionPolicy readFrom(JsonInput json) throws CorruptException {
    String compressorName = "";
    List<String> onlyCompress = List.of();
    boolean noParentOnlyCompress = false;
    List<String> neverCompress = List.of();
    boolean noParentNeverCompress = false;
    long minSizeBytes = 0;
    long maxSizeBytes = 0;
    if (json.beginObject()) {
      for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
        switch (name) {
          case "compressorName" -> compressorName = json.string();
          case "onlyCompress" -> onlyCompress = json.strings();
          case "noParentOnlyCompress" -> noParentOnlyCompress = json.bool();
          case "neverCompress" -> neverCompress = json.strings();
          case "noParentNeverCompress" -> noParentNeverCompress = json.bool();
          case "minSize" -> minSizeBytes = json.int64();
          case "maxSize" -> maxSizeBytes = json.int64();
          default -> json.skip();
        }
      }
    }
    return new CompressionPolicy(
        compressorName,
        onlyCompress,
        noParentOnlyCompress,
        neverCompress,
        noParentNeverCompress,
        minSizeBytes,
        maxSizeBytes);
  }
}
