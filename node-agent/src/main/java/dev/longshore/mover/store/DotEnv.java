package dev.longshore.mover.store;

import java.util.HashMap;
import java.util.Map;

/// Variables as a shell would set them: `KEY=value`, `export KEY=value`, `KEY: value`.
///
/// A value in single quotes is taken as it is, one in double quotes with `\n`, `\"` and `\\`; both
/// may go over several lines. One without quotes ends at the line's end or at a space and `#`.
/// Other variables are not put in for `$NAME`.
final class DotEnv {
  private final String text;
  private int at;

  private DotEnv(String text) {
    this.text = text;
  }

  static Map<String, String> parse(String text) {
    return new DotEnv(text.replace("\uFEFF", "").replace("\r\n", "\n")).read();
  }

  private Map<String, String> read() {
    Map<String, String> variables = new HashMap<>();
    while (at < text.length()) {
      skipBlank();
      int end = lineEnd(at);
      int split = separator(at, end);
      if (split < 0 || text.startsWith("#", at)) {
        at = end + 1;
        continue;
      }
      String key = text.substring(at, split).strip();
      key = key.startsWith("export ") ? key.substring("export ".length()).strip() : key;
      at = split + 1;
      variables.put(key, value());
    }
    return variables;
  }

  private void skipBlank() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private int lineEnd(int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  private int separator(int from, int end) {
    for (int i = from; i < end; i++) {
      if (text.charAt(i) == '=' || text.charAt(i) == ':') {
        return i;
      }
    }
    return -1;
  }

  private String value() {
    int end = lineEnd(at);
    while (at < end && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    if (at < end && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
      String quoted = quoted(text.charAt(at));
      at = lineEnd(at) + 1;
      return quoted;
    }
    String plain = text.substring(at, end);
    at = end + 1;
    int comment = plain.startsWith("#") ? 0 : Math.max(plain.indexOf(" #"), plain.indexOf("\t#"));
    return (comment < 0 ? plain : plain.substring(0, comment)).strip();
  }

  /// Reads up to the closing quote; without one, up to the end.
  private String quoted(char quote) {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length() && text.charAt(at) != quote) {
      char c = text.charAt(at++);
      if (c == '\\' && quote == '"' && at < text.length()) {
        char next = text.charAt(at++);
        switch (next) {
          case 'n' -> value.append('\n');
          case 'r' -> value.append('\r');
          case '"', '\\', '$' -> value.append(next);
          default -> value.append(c).append(next);
        }
      } else {
        value.append(c);
      }
    }
    at = Math.min(at + 1, text.length());
    return value.toString();
  }
}
