package dev.longshore.engine.policy;

import dev.longshore.engine.testkit.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The files that say what Kopia makes of policies; see `policy/README.md`.
final class PolicyVectors {
  private PolicyVectors() {}

  /// The cases of a file; not empty.
  static List<Json> cases(String name) throws IOException {
    try (InputStream in = PolicyVectors.class.getResourceAsStream("/policy/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no file " + name);
      }
      List<Json> cases = Json.parse(in.readAllBytes()).get("cases").list();
      if (cases.isEmpty()) {
        throw new IllegalStateException("no cases in " + name);
      }
      return cases;
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
