package dev.longshore.engine.policy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Turns the text of an ignore pattern into tokens. The odd cases are Kopia's and kept on purpose:
/// a rule that suddenly matched otherwise would change what is backed up.
final class PatternCompiler {
  /// More than anyone needs; it bounds the matcher's recursion.
  private static final int MAX_STARS = 200;

  private static final int END = 0;

  private final String pattern;
  private final String base;
  private final List<Token> tokens = new ArrayList<>();
  private int[] text;
  private int at;
  private boolean negated;
  private boolean directoriesOnly;
  private int stars;

  PatternCompiler(String pattern, String base) {
    this.pattern = trim(pattern);
    this.base = base.length() > 1 && base.endsWith("/") ? chop(base) : base;
    this.text = codePoints(this.pattern);
  }

  /// Compiles; to be called once.
  IgnoreMatcher compile() throws InvalidPatternException {
    while (CharacterSet.isSpace(peek(0))) {
      at++;
    }
    if (peek(0) == '!') {
      negated = true;
      at++;
    }
    anchor();
    if (text.length > 0 && text[text.length - 1] == '/') {
      directoriesOnly = true;
      text = java.util.Arrays.copyOf(text, text.length - 1);
    }
    for (int c = read(); c != END; c = read()) {
      token(c);
    }
    if (stars > MAX_STARS) {
      throw new InvalidPatternException(pattern, "more than " + MAX_STARS + " stars");
    }
    return new IgnoreMatcher(tokens, stars, negated, directoriesOnly);
  }

  /// Puts the base directory, and for an unrooted pattern what makes it match at any depth, in
  /// front.
  private void anchor() {
    boolean rooted = peek(0) == '/';
    if (!base.isEmpty() && !pattern.isEmpty()) {
      for (int c : codePoints(base)) {
        tokens.add(c == '/' ? new Token.Separator() : new Token.Literal(c));
      }
      if (!rooted) {
        tokens.add(new Token.Separator());
      }
    }
    if (rooted || pattern.isEmpty() || pattern.equals("**")) {
      return;
    }
    int slash = indexOf('/');
    if (slash == -1 || slash == text.length - 1 - at) {
      stars++;
      tokens.add(new Token.Star(true));
      tokens.add(new Token.Separator());
    } else if (base.isEmpty()) {
      tokens.add(new Token.Separator());
    }
  }

  private void token(int c) throws InvalidPatternException {
    switch (c) {
      case '\\' -> {
        if (at >= text.length) {
          throw new InvalidPatternException(pattern, "ends with a lone backslash");
        }
        tokens.add(new Token.Literal(read()));
      }
      case '?' -> tokens.add(new Token.AnyCharacter());
      case '/' -> tokens.add(new Token.Separator());
      case '*' -> star();
      case '[' -> set();
      default -> tokens.add(new Token.Literal(c));
    }
  }

  private void star() {
    boolean spans = false;
    if (peek(0) == '*') {
      int before = peek(-2);
      while (peek(0) == '*') {
        at++;
      }
      boolean component = before == '/' && (peek(0) == '/' || at >= text.length);
      spans = before == END || component;
    }
    stars++;
    tokens.add(new Token.Star(spans));
  }

  private void set() throws InvalidPatternException {
    int c = read();
    boolean negatedSet = c == '!';
    if (negatedSet) {
      c = read();
    }
    CharacterSet set = new CharacterSet(negatedSet);
    for (; c != ']' && c != END; c = read()) {
      item(set, c == '\\' ? escaped() : c);
    }
    if (c != ']') {
      throw new InvalidPatternException(pattern, "a [ without its ]");
    }
    tokens.add(new Token.AnyOf(set));
  }

  private void item(CharacterSet set, int c) throws InvalidPatternException {
    if (peek(0) == '-' && peek(1) != ']' && peek(1) != END) {
      at++;
      int last = read();
      set.addRange(c, last == '\\' ? escaped() : last);
    } else if (c == '[' && peek(0) == ':') {
      characterClass(set);
    } else {
      set.add(c);
    }
  }

  private void characterClass(CharacterSet set) throws InvalidPatternException {
    int close = indexOf(']');
    if (close == -1) {
      throw new InvalidPatternException(pattern, "a [ without its ]");
    }
    // `close` counts from here and `at` from the start; comparing the two is Kopia's slip, by which
    // a class
    // far behind in a pattern is read as plain characters.
    if (close - 1 <= at || peek(close - 1) != ':') {
      set.add('[');
      return;
    }
    String name = new String(text, at + 1, close - 2).toLowerCase(Locale.ROOT);
    at += close + 1;
    if (!set.addClass(name)) {
      throw new InvalidPatternException(pattern, "no character class " + name);
    }
  }

  private int escaped() throws InvalidPatternException {
    int c = read();
    if (c == END) {
      throw new InvalidPatternException(pattern, "ends with a lone backslash");
    }
    return c;
  }

  private int peek(int ahead) {
    int index = at + ahead;
    return index >= 0 && index < text.length ? text[index] : END;
  }

  private int read() {
    int c = peek(0);
    if (c != END) {
      at++;
    }
    return c;
  }

  private int indexOf(int c) {
    for (int i = at; i < text.length; i++) {
      if (text[i] == c) {
        return i - at;
      }
    }
    return -1;
  }

  /// The characters of a text, U+FFFD for what is not Unicode, as Go has them.
  static int[] codePoints(String text) {
    int[] points = text.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      if (points[i] >= 0xd800 && points[i] <= 0xdfff) {
        points[i] = 0xfffd;
      }
    }
    return points;
  }

  /// Trims white space unless the last character but one is a backslash, counted in bytes.
  private static String trim(String pattern) {
    byte[] bytes = pattern.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= 2 || bytes[bytes.length - 2] == '\\') {
      return pattern;
    }
    int start = 0;
    int end = pattern.length();
    while (start < end && CharacterSet.isSpace(pattern.charAt(start))) {
      start++;
    }
    while (end > start && CharacterSet.isSpace(pattern.charAt(end - 1))) {
      end--;
    }
    return pattern.substring(start, end);
  }

  private static String chop(String text) {
    return text.substring(0, text.length() - 1);
  }
}
