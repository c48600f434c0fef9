package dev.longshore.engine.doctor;

import java.util.List;

/// Something a repository's owner should know.
///
/// @param check what was looked at, one word or two: `format blob`, `contents`
/// @param problem one sentence, without secrets
/// @param details the things it is about, the first [#MAX_DETAILS] and how many more there are
/// @param next commands that help, or what else to do
public record Finding(
    Severity severity, String check, String problem, List<String> details, List<String> next) {
  /// Things that are named.
  public static final int MAX_DETAILS = 20;

  /// How bad it is.
  public enum Severity {
    /// Good to know.
    INFO,
    /// Nothing is lost; it may be if it stays so.
    WARNING,
    /// Something cannot be read or written.
    DAMAGE
  }

  /// Copies the lists.
  public Finding {
    details = List.copyOf(details);
    next = List.copyOf(next);
  }

  static Finding info(String check, String problem, List<String> details, String... next) {
    return new Finding(Severity.INFO, check, problem, details, List.of(next));
  }

  static Finding warning(String check, String problem, List<String> details, String... next) {
    return new Finding(Severity.WARNING, check, problem, details, List.of(next));
  }

  static Finding damage(String check, String problem, List<String> details, String... next) {
    return new Finding(Severity.DAMAGE, check, problem, details, List.of(next));
  }
}
