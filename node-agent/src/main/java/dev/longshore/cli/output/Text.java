package dev.longshore.cli.output;

/// Names from file systems and repositories on their way to a terminal.
public final class Text {
  private Text() {}

  /// The text with control characters made visible (`\n`, `\u001b`), so that a file name can
  /// neither break a line nor command the terminal.
  public static String visible(String text) {
    StringBuilder made = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0);
      if (control && made == null) {
        made = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (made != null) {
        if (control) {
          made.append(escaped(c));
        } else {
          made.append(c);
        }
      }
    }
    return made == null ? text : made.toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format("\\u%04x", (int) c);
    };
  }
}
