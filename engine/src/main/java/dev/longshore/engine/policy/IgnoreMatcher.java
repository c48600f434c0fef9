package dev.longshore.engine.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One ignore pattern, in the language of `.gitignore` as Kopia understands it.
///
/// - `?` is one character, `*` any number, neither a `/`; `**` as a whole component spans
///   components
/// - `[...]` is one of a set: ranges, `[:alpha:]` and so on; `!` in front negates; it may match a
///   `/`
/// - a leading `!` brings back what another pattern ignored; a trailing `/` asks for a directory
/// - without a `/` but at its end, a pattern matches at any depth below its base, otherwise from
///   the base
/// - the case counts, and the whole path must match
///
/// Immutable, safe for use by many threads. Source: kopia 4ebb2be6c `internal/wcmatch`; checked
/// against 2818 cases from it (`ignore-match.json`).
public final class IgnoreMatcher {
  // Patterns with more stars could take exponential time, so positions that failed are remembered.
  private static final int STARS_WITHOUT_MEMORY = 2;

  private enum Result {
    MATCH,
    NO_MATCH,
    ABORT_ALL,
    ABORT_TO_DOUBLE_STAR
  }

  private final Token[] tokens;
  // For each token that can follow a star, its row in the memory; there are few, so the memory
  // stays small.
  private final int[] rows;
  private final int rowCount;
  private final int stars;
  private final boolean negated;
  private final boolean directoriesOnly;

  IgnoreMatcher(List<Token> tokens, int stars, boolean negated, boolean directoriesOnly) {
    this.tokens = tokens.toArray(Token[]::new);
    this.stars = stars;
    this.negated = negated;
    this.directoriesOnly = directoriesOnly;
    this.rows = new int[this.tokens.length + 2];
    int count = 0;
    for (int i = 0; i < this.tokens.length; i++) {
      if (this.tokens[i] instanceof Token.Star) {
        rows[i + 1] = i > 0 && this.tokens[i - 1] instanceof Token.Star ? rows[i + 1] : count++;
        rows[i + 2] = count++;
      }
    }
    this.rowCount = count;
  }

  /// Compiles a pattern.
  ///
  /// @param base the directory the pattern is for, from the snapshot's root: "" for the root, else
  ///   `/a/b`
  /// @throws InvalidPatternException if the pattern means nothing
  public static IgnoreMatcher compile(String pattern, String base) throws InvalidPatternException {
    return new PatternCompiler(pattern, base).compile();
  }

  /// Tells whether the pattern begins with `!`.
  public boolean isNegated() {
    return negated;
  }

  /// Tells whether a path is ignored so far as this pattern goes: a normal one ignores what it
  /// matches, a negated one what it does not match.
  ///
  /// @param path from the snapshot's root, beginning with `/`
  public boolean ignores(String path, boolean directory) {
    return ignores(PatternCompiler.codePoints(path), directory);
  }

  boolean ignores(int[] path, boolean directory) {
    if (directoriesOnly && !directory) {
      return negated;
    }
    Result[] memory =
        stars > STARS_WITHOUT_MEMORY ? new Result[rowCount * (path.length + 1)] : null;
    return (match(0, path, 0, memory) == Result.MATCH) != negated;
  }

  /// Matches tokens from `token` on against the path from `start` on.
  private Result match(int token, int[] path, int start, @Nullable Result @Nullable [] memory) {
    if (memory == null || token == 0) {
      return walk(token, path, start, memory);
    }
    int key = rows[token] * (path.length + 1) + start;
    Result known = memory[key];
    if (known == null) {
      known = walk(token, path, start, memory);
      memory[key] = known;
    }
    return known;
  }

  private Result walk(int token, int[] path, int start, @Nullable Result @Nullable [] memory) {
    int at = start;
    for (int i = token; i < tokens.length; i++) {
      // Kopia's scanner can be one before its start, where it reads nothing and stays.
      int c = at >= start && at < path.length ? path[at] : -1;
      if (at >= path.length && !(tokens[i] instanceof Token.Star)) {
        return Result.ABORT_ALL;
      }
      switch (tokens[i]) {
        case Token.Single single -> {
          if (!fits(single, c)) {
            return Result.NO_MATCH;
          }
        }
        case Token.Star star -> {
          if (i == tokens.length - 1) {
            boolean all = star.spansSeparators() || indexOfSeparator(path, at) == -1;
            return all ? Result.MATCH : Result.NO_MATCH;
          }
          if (star.spansSeparators() || !(tokens[i + 1] instanceof Token.Separator)) {
            return star(i, star.spansSeparators(), path, at, memory);
          }
          int slash = indexOfSeparator(path, at);
          if (slash == -1) {
            return Result.NO_MATCH;
          }
          at = slash - 1;
        }
      }
      if (at >= start && at < path.length) {
        at++;
      }
    }
    return at >= path.length ? Result.MATCH : Result.NO_MATCH;
  }

  private static boolean fits(Token.Single token, int c) {
    return switch (token) {
      case Token.Literal literal -> c == literal.character();
      case Token.Separator _ -> c == '/';
      case Token.AnyCharacter _ -> c != '/';
      case Token.AnyOf any -> any.set().matches(c);
    };
  }

  /// Tries what follows a star at every position the star may reach.
  private Result star(
      int i, boolean spans, int[] path, int from, @Nullable Result @Nullable [] memory) {
    if (spans
        && i + 2 < tokens.length
        && tokens[i + 1] instanceof Token.Separator
        && match(i + 2, path, from, memory) == Result.MATCH) {
      return Result.MATCH;
    }
    for (int at = from; at < path.length; at++) {
      Result result = match(i + 1, path, at, memory);
      if (result != Result.NO_MATCH) {
        if (!spans || result != Result.ABORT_TO_DOUBLE_STAR) {
          return result;
        }
      } else if (!spans && path[Math.max(from, at - 1)] == '/') {
        // The character looked at lags one behind from the second round on, as in Kopia.
        return Result.ABORT_TO_DOUBLE_STAR;
      }
    }
    return Result.ABORT_ALL;
  }

  private static int indexOfSeparator(int[] path, int from) {
    for (int i = Math.max(0, from); i < path.length; i++) {
      if (path[i] == '/') {
        return i;
      }
    }
    return -1;
  }
}
