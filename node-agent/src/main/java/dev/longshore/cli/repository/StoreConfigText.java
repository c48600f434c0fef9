package dev.longshore.cli.repository;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// A store's settings as `repository status` may show them: secrets starred out, as many stars as
/// characters.
final class StoreConfigText {
  /// Settings of all of Kopia's kinds of stores that must not be shown.
  private static final Set<String> SECRETS =
      Set.of(
          "secretAccessKey",
          "sessionToken",
          "webIdentityToken",
          "storageKey",
          "sasToken",
          "ClientSecret",
          "clientCertificate",
          "credentials",
          "key",
          "keyData",
          "password",
          "embeddedConfig");

  private StoreConfigText() {}

  /// One line of JSON.
  static byte[] compact(String configJson) throws CorruptException {
    byte[] bytes = configJson.getBytes(StandardCharsets.UTF_8);
    var json = new GoJsonWriter();
    try (JsonInput in = JsonInput.of("storage config", bytes)) {
      json.beginObject();
      if (in.beginObject()) {
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
          json.name(key);
          if (SECRETS.contains(key)) {
            json.value("*".repeat(shownLength(in.raw())));
          } else {
            json.raw(in.raw());
          }
        }
      }
      json.endObject();
    }
    return json.toByteArray();
  }

  private static int shownLength(byte[] value) {
    // A JSON string: without its quotes.
    return value.length >= 2 && value[0] == '"' ? value.length - 2 : value.length;
  }

  /// Indented as the text form of the status wants it.
  static String indented(String configJson) throws CorruptException {
    return new String(JsonText.indent(compact(configJson), " ".repeat(21)), StandardCharsets.UTF_8);
  }
}
