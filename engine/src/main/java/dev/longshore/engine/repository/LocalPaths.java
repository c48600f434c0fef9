package dev.longshore.engine.repository;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/// Where connections and caches of a user are, by Kopia's rules for each system.
///
/// Source: kopia 4ebb2be6c `internal/ospath`, `repo/caching.go`.
///
/// @param environment the process's environment variables
/// @param osName the system property `os.name`
/// @param userHome the user's home directory
public record LocalPaths(Map<String, String> environment, String osName, Path userHome) {
  private static final String FOLDER = "kopia";
  private static final String CONFIG_NAME = "repository.config";
  private static final int CACHE_NAME_DIGITS = 16;

  /// The default connection file: `repository.config` in the user's Kopia folder.
  public Path defaultConfigFile() {
    return configFolder().resolve(CONFIG_NAME);
  }

  /// The connection file a user named: a bare name is one in the Kopia folder.
  public Path configFile(String name) {
    Path path = Path.of(name);
    boolean bare = path.getNameCount() == 1 && !path.isAbsolute() && name.equals(path.toString());
    return bare ? configFolder().resolve(path) : path;
  }

  /// The default cache directory of a connection: named by a hash of the repository's unique id and
  /// the connection file's path.
  public Path cacheDirectory(byte[] uniqueId, Path configFile) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(uniqueId);
      digest.update(configFile.toString().getBytes(StandardCharsets.UTF_8));
      String name = HexFormat.of().formatHex(digest.digest()).substring(0, CACHE_NAME_DIGITS);
      return cacheFolder().resolve(FOLDER).resolve(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /// Where packs grow until they are sent to stores that take blobs only whole.
  public Path draftFolder() {
    return cacheFolder().resolve("longshore").resolve("drafts");
  }

  private Path configFolder() {
    Path above =
        switch (system()) {
          case WINDOWS -> variable("APPDATA", "AppData/Roaming");
          case MAC -> userHome.resolve("Library/Application Support");
          case UNIX -> variable("XDG_CONFIG_HOME", ".config");
        };
    return above.resolve(FOLDER);
  }

  private Path cacheFolder() {
    return switch (system()) {
      case WINDOWS -> variable("LOCALAPPDATA", "AppData/Local");
      case MAC -> userHome.resolve("Library/Caches");
      case UNIX -> variable("XDG_CACHE_HOME", ".cache");
    };
  }

  private Path variable(String name, String belowHome) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? userHome.resolve(belowHome) : Path.of(value);
  }

  private OperatingSystem system() {
    String name = osName.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return OperatingSystem.WINDOWS;
    }
    return name.startsWith("mac") ? OperatingSystem.MAC : OperatingSystem.UNIX;
  }

  private enum OperatingSystem {
    WINDOWS,
    MAC,
    UNIX
  }
}
