package dev.longshore.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The scripts around the program.
class LauncherTest {
  /// As a service of systemd has none.
  @Test
  void aHomeIsNotNeededToFindTheRuntime() throws Exception {
    Path root = Path.of("").toAbsolutePath();
    while (root != null && !Files.exists(root.resolve("bin/lib/jdk25.sh"))) {
      root = root.getParent();
    }
    assumeTrue(root != null && Files.isExecutable(Path.of("/bin/bash")));
    String script = "set -euo pipefail; . bin/lib/jdk25.sh; longshore_find_jdk25 " + root;
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", "-c", script)
            .directory(root.toFile())
            .redirectErrorStream(true);
    builder.environment().remove("HOME");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(Files.isDirectory(Path.of(said.strip())), said);
  }
}
