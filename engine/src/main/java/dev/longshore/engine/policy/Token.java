package dev.longshore.engine.policy;

/// One element of a compiled ignore pattern.
sealed interface Token {
  /// What stands for exactly one character.
  sealed interface Single extends Token {}

  /// A character that stands for itself; `/` is a [Separator].
  record Literal(int character) implements Single {}

  /// A `/`.
  record Separator() implements Single {}

  /// A `?`.
  record AnyCharacter() implements Single {}

  /// A run of stars.
  ///
  /// @param spansSeparators it is a `**` where that is special
  record Star(boolean spansSeparators) implements Token {}

  /// A `[...]`.
  record AnyOf(CharacterSet set) implements Single {}
}
