package dev.longshore.engine.policy;

import java.io.IOException;

/// An ignore pattern that means nothing. A snapshot that meets one fails, as Kopia's does: going on
/// would store what somebody asked to leave out.
public final class InvalidPatternException extends IOException {
  private static final long serialVersionUID = 1L;

  InvalidPatternException(String pattern, String problem) {
    super("ignore pattern \"" + pattern + "\": " + problem);
  }
}
