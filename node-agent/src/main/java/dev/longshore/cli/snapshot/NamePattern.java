package dev.longshore.cli.snapshot;

import java.util.regex.Pattern;

/// A wildcard for one name: `*`, `?`, `[a-z]`, `[^a-z]`, and a backslash before what stands for
/// itself. Source: Go's `path.Match`, which Kopia uses.
record NamePattern(Pattern regex) {
  /// Reads a wildcard.
  ///
  /// @throws IllegalArgumentException if it is none
  static NamePattern parse(String text) {
    StringBuilder regex = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '*' -> regex.append("[^/]*");
        case '?' -> regex.append("[^/]");
        case '[' -> at = set(text, at, regex);
        case '\\' -> {
          at++;
          regex.append(Pattern.quote(String.valueOf(charAt(text, at))));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
      at++;
    }
    return new NamePattern(Pattern.compile(regex.toString(), Pattern.DOTALL));
  }

  /// Tells whether all of a name is meant.
  boolean matches(String name) {
    return regex.matcher(name).matches();
  }

  /// Copies a set of characters; returns where it ends.
  private static int set(String text, int open, StringBuilder regex) {
    int at = open + 1;
    regex.append('[');
    if (charAt(text, at) == '^') {
      regex.append('^');
      at++;
    }
    int first = at;
    while (charAt(text, at) != ']' || at == first) {
      if (text.charAt(at) == '-' || text.charAt(at) == ']') {
        throw bad(text);
      }
      at = member(text, at, regex);
      if (charAt(text, at) == '-') {
        regex.append('-');
        at = member(text, at + 1, regex);
      }
    }
    regex.append(']');
    return at;
  }

  private static int member(String text, int start, StringBuilder regex) {
    int at = charAt(text, start) == '\\' ? start + 1 : start;
    regex.append("\\x{").append(Integer.toHexString(charAt(text, at))).append('}');
    return at + 1;
  }

  private static char charAt(String text, int at) {
    if (at >= text.length()) {
      throw bad(text);
    }
    return text.charAt(at);
  }

  private static IllegalArgumentException bad(String text) {
    return new IllegalArgumentException("not a wildcard: " + text);
  }
}
