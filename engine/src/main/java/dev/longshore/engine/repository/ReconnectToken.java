package dev.longshore.engine.repository;

import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import dev.longshore.format.json.JsonFields;
import dev.longshore.format.json.JsonInput;
import dev.longshore.format.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// What `repository status -t` prints and `connect from-config --token` takes: a store's settings
/// and, if wanted, the password.
///
/// Base64url without padding of `{"version":"1","storage":{"type":…,"config":{…}},"password":…}`;
/// the password is left out if there is none.
///
/// Source: kopia 4ebb2be6c `repo/token.go`.
public record ReconnectToken(
    String storageType, String storageConfigJson, Optional<String> password) {
  private static final String VERSION = "1";
  private static final int MAX_CHARS = 1 << 20;
  private static final String WHAT = "reconnect token";
  private static final JsonFields FIELDS = JsonFields.of("version", "storage", "password");
  private static final JsonFields STORAGE_FIELDS = JsonFields.of("type", "config");

  /// The text to hand on, which holds the store's secrets.
  public String encode() {
    GoJsonWriter json = new GoJsonWriter();
    json.beginObject().field("version", VERSION).name("storage");
    writeStorage(json, storageType, storageConfigJson);
    password.ifPresent(value -> json.field("password", value));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json.endObject().toByteArray());
  }

  /// Reads a token.
  ///
  /// @throws DamagedException if it is none
  /// @throws UnsupportedException if it is of another version
  public static ReconnectToken decode(String token) throws RepositoryException {
    if (token.length() > MAX_CHARS) {
      throw new DamagedException("the reconnect token is too long to be one");
    }
    String version = "";
    String type = "";
    String config = "";
    Optional<String> password = Optional.empty();
    try (JsonInput json = JsonInput.of(WHAT, Base64.getUrlDecoder().decode(token.strip()))) {
      if (json.beginObject()) {
        for (String name = json.nextField(FIELDS); name != null; name = json.nextField(FIELDS)) {
          switch (name) {
            case "version" -> version = json.string();
            case "password" ->
                password = Optional.of(json.string()).filter(text -> !text.isEmpty());
            default -> {
              Storage storage = readStorage(json);
              type = storage.type;
              config = storage.configJson;
            }
          }
        }
      }
      json.finish();
    } catch (IllegalArgumentException | CorruptException e) {
      throw new DamagedException("the reconnect token is not one, or not all of it", e);
    }
    if (!version.equals(VERSION)) {
      throw new UnsupportedException("the reconnect token is of another version than 1");
    }
    if (type.isEmpty()) {
      throw new DamagedException("the reconnect token names no storage");
    }
    return new ReconnectToken(type, config, password);
  }

  static void writeStorage(GoJsonWriter json, String type, String configJson) {
    json.beginObject().field("type", type).name("config");
    json.raw(configJson.getBytes(StandardCharsets.UTF_8)).endObject();
  }

  static Storage readStorage(JsonInput json) throws CorruptException {
    String type = "";
    String config = "{}";
    if (json.beginObject()) {
      for (String name = json.nextField(STORAGE_FIELDS);
          name != null;
          name = json.nextField(STORAGE_FIELDS)) {
        if (name.equals("type")) {
          type = json.string();
        } else {
          config = new String(JsonText.compact(json.raw()), StandardCharsets.UTF_8);
        }
      }
    }
    return new Storage(type, config);
  }

  @Override
  public String toString() {
    return "ReconnectToken[" + storageType + "]";
  }

  /// A kind of store and its settings, in connections and tokens alike.
  record Storage(String type, String configJson) {}
}
