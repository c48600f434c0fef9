package dev.longshore.engine.repository;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;

/// Where connections and caches of a user are, by Kopia's rules for each system.
///
/// @param environment the process's environment variables
/// @param osName the system property `os.name`
/// @param userHome the user's home directory
public record LocalPaths(Map<String, String> environment, String osName, Path userHome) {
  /// The default connection file: `repository.config` in the user's Kopia folder.
  public Path defaultConfigFile() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The connection file a user named: a bare name is one in the Kopia folder.
  public Path configFile(String name) {
    throw new UnsupportedOperationException("not yet");
  }

  /// The default cache directory of a connection.
  public Path cacheDirectory(byte[] uniqueId, Path configFile) {
    throw new UnsupportedOperationException("not yet" + HexFormat.of());
  }
}
