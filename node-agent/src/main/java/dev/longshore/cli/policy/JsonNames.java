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
    collect(json, "", paths);
    return paths.size();
  }

  private static void collect(byte[] json, String path, Set<String> paths) throws CorruptException {
    if (json.length == 0 || json[0] != '{') {
      paths.add(path);
      return;
    }
    try (JsonInput in = JsonInput.of("policy", json)) {
      in.beginObject();
      for (String key = in.nextKey(); key != null; key = in.nextKey()) {
        byte[] value = in.raw();
        collect(value, path + "." + key, paths);
      }
    }
  }
}
