package dev.longshore.cli.policy;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.json.JsonInput;
import java.util.HashSet;
import java.util.Set;

/// Counts the settings in a JSON object: the distinct paths of names that lead to something other
/// than an empty object.
final class JsonNames {
  private JsonNames() {}

  static int count(byte[] json) throws CorruptException {
    Set<String> paths = new HashSet<>();
    try (JsonInput in = JsonInput.of("policy", json)) {
      collect(in, "", paths);
    }
    return paths.size();
  }

  private static void collect(JsonInput in, String path, Set<String> paths)
      throws CorruptException {
    if (!in.isObject()) {
      in.skip();
      paths.add(path);
      return;
    }
    in.beginObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      collect(in, path + "." + key, paths);
    }
  }
}
