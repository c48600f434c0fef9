package dev.longshore.cli.repository;

import dev.longshore.cli.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Who this machine and user are, by Kopia's rules.
final class LocalNames {
  private LocalNames() {}

  /// Lower case, up to the first dot.
  static String hostname(Terminal terminal) {
    String full = fullHostname(terminal).toLowerCase(Locale.ROOT);
    int dot = full.indexOf('.');
    return dot > 0 ? full.substring(0, dot) : full;
  }

  private static String fullHostname(Terminal terminal) {
    try {
      // The kernel's answer needs no resolver, which may be slow or absent.
      String kernel = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      if (!kernel.isEmpty()) {
        return kernel;
      }
    } catch (IOException e) {
      // Not Linux: ask in the ways below.
    }
    return terminal
        .variable("HOSTNAME")
        .orElseGet(() -> {
          try {
            return InetAddress.getLocalHost().getHostName();
          } catch (UnknownHostException e) {
            return "nohost";
          }
        });
  }

  /// The operating system's name of the user.
  static String username(Terminal terminal) {
    String name = System.getProperty("user.name", "nobody");
    return name.substring(name.lastIndexOf('\\') + 1);
  }
}
