package dev.longshore.mover.store;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A file of AWS credentials or settings: sections `[NAME]` or `[profile NAME]` of lines `key =
/// value`. What follows white space and `#` or `;` is a comment.
///
/// @param sections by name; keys in lower case
record ProfilesFile(Map<String, Map<String, String>> sections) {
  private static final String PROFILE = "profile ";

  static ProfilesFile parse(String text) {
    Map<String, Map<String, String>> sections = new HashMap<>();
    Map<String, String> current = new HashMap<>();
    for (String raw : text.lines().toList()) {
      String line = withoutComment(raw.replace("\uFEFF", "")).strip();
      int equals = line.indexOf('=');
      if (line.startsWith("[") && line.endsWith("]")) {
        String name = line.substring(1, line.length() - 1).strip();
        name = name.startsWith(PROFILE) ? name.substring(PROFILE.length()).strip() : name;
        current = sections.computeIfAbsent(name, _ -> new HashMap<>());
      } else if (equals > 0) {
        String key = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        current.put(key, line.substring(equals + 1).strip());
      }
    }
    return new ProfilesFile(sections);
  }

  private static String withoutComment(String line) {
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      boolean begins = i == 0 || Character.isWhitespace(line.charAt(i - 1));
      if ((c == '#' || c == ';') && begins) {
        return line.substring(0, i);
      }
    }
    return line;
  }

  Optional<Map<String, String>> section(String name) {
    return Optional.ofNullable(sections.get(name));
  }

  @Override
  public String toString() {
    return "ProfilesFile" + sections.keySet();
  }
}
