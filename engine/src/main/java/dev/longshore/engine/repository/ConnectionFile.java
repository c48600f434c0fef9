package dev.longshore.engine.repository;

import dev.longshore.engine.blob.ThrottlingLimits;
import dev.longshore.engine.error.DamagedException;
import dev.longshore.engine.error.NotFoundException;
import dev.longshore.engine.error.RepositoryException;
import dev.longshore.engine.error.UnsupportedException;
import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.GoJsonWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// A connection to a repository: Kopia's `repository.config`.
///
/// JSON, two blanks a level, no line feed at the end:
///
/// | field | type | meaning |
/// |---|---|---|
/// | `apiServer` | object | a connection to a Kopia server, which is refused |
/// | `storage` | `{type, config}` | the store |
/// | `caching` | object | [CachingOptions]; `{}` for no cache |
/// | `hostname`, `username` | string | who the client says it is |
/// | `readonly`, `permissiveCacheLoading` | bool | absent if false |
/// | `description` | string | absent if empty |
/// | `enableActions` | bool | |
/// | `formatBlobCacheDuration` | ns | negative for no cache, absent for 15 minutes |
/// | `throttlingLimits` | object | absent if none |
///
/// The cache directory is stored relative to the folder of the file, where it can be. Unknown
/// fields are dropped.
///
/// Source: kopia 4ebb2be6c `repo/local_config.go`.
///
/// @param storageType Kopia's name of the kind of store
/// @param storageConfigJson the store's settings, compact JSON, secrets included
/// @param throttlingLimitsJson the `throttlingLimits` object, compact JSON, kept as it is
public record ConnectionFile(
    String storageType,
    String storageConfigJson,
    CachingOptions caching,
    ClientOptions client,
    Optional<String> throttlingLimitsJson) {

  /// Reads a file.
  ///
  /// @throws NotFoundException if there is none: not connected
  /// @throws DamagedException if it is not such a file
  /// @throws UnsupportedException if it connects to a Kopia server
  public static ConnectionFile read(Path file) throws RepositoryException {
    byte[] json =
        LocalFiles.read(file)
            .orElseThrow(
                () -> new NotFoundException("not connected to a repository: no file " + file));
    return ConnectionJson.decode(json, file);
  }

  /// How fast the store may be used: as `throttle set` has said, or else as the connection was
  /// made.
  ///
  /// @throws DamagedException if the file says what are no limits
  public ThrottlingLimits limits() throws DamagedException {
    String json = throttlingLimitsJson.orElse(storageConfigJson);
    try {
      return ThrottlingLimits.parse(json.getBytes(StandardCharsets.UTF_8));
    } catch (CorruptException e) {
      throw new DamagedException("connection file: " + e.getMessage(), e);
    }
  }

  /// A copy with other limits.
  public ConnectionFile withLimits(ThrottlingLimits limits) {
    var json = new GoJsonWriter().beginObject();
    limits.writeTo(json);
    String text = new String(json.endObject().toByteArray(), StandardCharsets.UTF_8);
    return new ConnectionFile(storageType, storageConfigJson, caching, client, Optional.of(text));
  }

  /// A copy with another client.
  public ConnectionFile withClient(ClientOptions newClient) {
    return new ConnectionFile(
        storageType, storageConfigJson, caching, newClient, throttlingLimitsJson);
  }

  /// Writes or replaces a file, readable by its owner only, making its folder if needed.
  public void write(Path file) throws RepositoryException {
    LocalFiles.write(file, ConnectionJson.encode(this, file));
  }

  @Override
  public String toString() {
    return "ConnectionFile[" + storageType + "]";
  }
}
