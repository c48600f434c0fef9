package dev.longshore.engine.blob;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;

/// How fast a client may use its store; zero for no limit.
///
/// JSON: seven fields, flattened into the `config` object of every kind of store, left out when
/// zero: `readsPerSecond`, `writesPerSecond`, `listsPerSecond`, `maxUploadSpeedBytesPerSecond`,
/// `maxDownloadSpeedBytesPerSecond`, `concurrentReads`, `concurrentWrites`.
///
/// Source: kopia 4ebb2be6c `repo/blob/throttling/throttler.go`.
public record ThrottlingLimits(
    double readsPerSecond,
    double writesPerSecond,
    double listsPerSecond,
    double uploadBytesPerSecond,
    double downloadBytesPerSecond,
    int concurrentReads,
    int concurrentWrites) {
  /// No limits.
  public static final ThrottlingLimits NONE = new ThrottlingLimits(0, 0, 0, 0, 0, 0, 0);

  /// Reads the limits among the fields of an object; others are passed over.
  ///
  /// @throws CorruptException if it is not such JSON
  public static ThrottlingLimits parse(byte[] json) throws CorruptException {
    ThrottlingLimits limits = NONE;
    try (JsonInput in = JsonInput.of("throttling limits", json)) {
      in.beginObject();
      for (String name = in.nextKey(); name != null; name = in.nextKey()) {
        limits = limits.with(name, in);
      }
      in.finish();
    }
    return limits;
  }

  /// Writes the fields into the object that is open.
  public void writeTo(GoJsonWriter json) {
    writeUnlessZero(json, "readsPerSecond", readsPerSecond);
    writeUnlessZero(json, "writesPerSecond", writesPerSecond);
    writeUnlessZero(json, "listsPerSecond", listsPerSecond);
    writeUnlessZero(json, "maxUploadSpeedBytesPerSecond", uploadBytesPerSecond);
    writeUnlessZero(json, "maxDownloadSpeedBytesPerSecond", downloadBytesPerSecond);
    json.fieldUnlessZero("concurrentReads", concurrentReads);
    json.fieldUnlessZero("concurrentWrites", concurrentWrites);
  }

  private static void writeUnlessZero(GoJsonWriter json, String name, double value) {
    if (value != 0) {
      json.name(name).value(value);
    }
  }

  /// This, with the field `name` taken from the value that is due; as it is if the field is none of
  /// the limits, and the value stays due.
  public ThrottlingLimits with(String name, JsonInput json) throws CorruptException {
    double[] rates = {
      readsPerSecond, writesPerSecond, listsPerSecond, uploadBytesPerSecond, downloadBytesPerSecond
    };
    int[] counts = {concurrentReads, concurrentWrites};
    switch (name) {
      case "readsPerSecond" -> rates[0] = json.number();
      case "writesPerSecond" -> rates[1] = json.number();
      case "listsPerSecond" -> rates[2] = json.number();
      case "maxUploadSpeedBytesPerSecond" -> rates[3] = json.number();
      case "maxDownloadSpeedBytesPerSecond" -> rates[4] = json.number();
      case "concurrentReads" -> counts[0] = json.int32();
      case "concurrentWrites" -> counts[1] = json.int32();
      default -> {
        return this;
      }
    }
    return new ThrottlingLimits(
        rates[0], rates[1], rates[2], rates[3], rates[4], counts[0], counts[1]);
  }
}
