package dev.longshore.engine.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A `[...]` of an ignore pattern. Letters and digits are Unicode's, by Go's definitions.
final class CharacterSet {
  private final List<IntPredicate> items = new ArrayList<>();
  private final boolean negated;

  CharacterSet(boolean negated) {
    this.negated = negated;
  }

  void add(int character) {
    items.add(c -> c == character);
  }

  void addRange(int first, int last) {
    items.add(c -> c >= first && c <= last);
  }

  /// Adds a class such as `alpha`; false if there is none of this name.
  boolean addClass(String name) {
    IntPredicate members = members(name);
    if (members == null) {
      return false;
    }
    items.add(members);
    return true;
  }

  boolean matches(int character) {
    for (IntPredicate item : items) {
      if (item.test(character)) {
        return !negated;
      }
    }
    return negated;
  }

  private static @Nullable IntPredicate members(String name) {
    return switch (name) {
      case "alnum" -> c -> Character.isLetter(c) || Character.isDigit(c);
      case "alpha" -> Character::isLetter;
      case "ascii" -> c -> c <= 127;
      case "blank" -> c -> Character.getType(c) == Character.SPACE_SEPARATOR || c == '\t';
      case "cntrl" -> c -> Character.getType(c) == Character.CONTROL;
      case "digit" -> Character::isDigit;
      case "graph" -> c -> isVisible(c) || Character.getType(c) == Character.SPACE_SEPARATOR;
      case "lower" -> c -> Character.getType(c) == Character.LOWERCASE_LETTER;
      case "print" -> c -> isVisible(c) || c == ' ';
      case "punct" -> c -> isPunctuation(c) || isSymbol(c);
      case "space" -> CharacterSet::isSpace;
      case "upper" -> c -> Character.getType(c) == Character.UPPERCASE_LETTER;
      case "xdigit" ->
          c -> (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') || Character.isDigit(c);
      default -> null;
    };
  }

  private static boolean isVisible(int c) {
    return Character.isLetter(c) || isMark(c) || isNumber(c) || isPunctuation(c) || isSymbol(c);
  }

  private static boolean isMark(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  private static boolean isNumber(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  private static boolean isPunctuation(int c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  private static boolean isSymbol(int c) {
    return switch (Character.getType(c)) {
      case Character.MATH_SYMBOL,
          Character.CURRENCY_SYMBOL,
          Character.MODIFIER_SYMBOL,
          Character.OTHER_SYMBOL ->
          true;
      default -> false;
    };
  }

  /// Go's `unicode.IsSpace`, which Java has under no name: no information separators, but NEL and
  /// NBSP.
  static boolean isSpace(int c) {
    return switch (c) {
      case '\t', '\n', 0x0b, '\f', '\r', ' ', 0x85, 0xa0, 0x1680 -> true;
      case 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
      default -> c >= 0x2000 && c <= 0x200a;
    };
  }
}
