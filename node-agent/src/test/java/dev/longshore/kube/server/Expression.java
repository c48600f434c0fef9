package dev.longshore.kube.server;

import dev.longshore.kube.Json;
import dev.longshore.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A rule of a schema (`x-kubernetes-validations`), in the small part of the expression language
/// that the definitions of volume snapshots use: `has`, `size`, `==`, `!`, `&&`, `||`.
final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(has\\((?<root>self|oldSelf)\\.(?<field>\\w+)\\)|(?<size>size\\(self\\) > 0)"
              + "|(?<same>self == oldSelf)|(?<sign>&&|\\|\\||[!()]))\\s*");

  private final boolean transition;
  private final List<String> tokens = new ArrayList<>();
  private final List<Test> tests = new ArrayList<>();

  /// What a token asks of a value and the one before; null for signs.
  private record Test(@Nullable Check check) {}

  @FunctionalInterface
  private interface Check {
    boolean holds(Json self, @Nullable Json before);
  }

  /// @throws IllegalArgumentException if it is beyond what is understood here
  Expression(String text) {
    transition = text.contains("oldSelf");
    Matcher matcher = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw new IllegalArgumentException("a rule that is not understood: " + text);
      }
      tokens.add(matcher.group(1));
      tests.add(new Test(check(matcher)));
      at = matcher.end();
    }
  }

  private static @Nullable Check check(Matcher matcher) {
    String field = matcher.group("field");
    if (field != null) {
      String name = field.equals("__namespace__") ? "namespace" : field;
      return matcher.group("root").equals("self")
          ? (self, before) -> has(self, name)
          : (self, before) -> before != null && has(before, name);
    }
    if (matcher.group("size") != null) {
      return (self, before) -> !self.equals(new Json.Str(""));
    }
    return matcher.group("same") != null ? (self, before) -> self.equals(before) : null;
  }

  private static boolean has(Json value, String field) {
    return value instanceof Json.Obj object && new KubeObject(object).at(field) != null;
  }

  /// Whether a value may be. Rules about changes hold where there was no value before.
  boolean holds(Json self, @Nullable Json before) {
    return (transition && before == null) || new Evaluation(self, before).or();
  }

  private final class Evaluation {
    private final Json self;
    private final @Nullable Json before;
    private int next;

    Evaluation(Json self, @Nullable Json before) {
      this.self = self;
      this.before = before;
    }

    private boolean takes(String sign) {
      if (next < tokens.size() && tokens.get(next).equals(sign)) {
        next++;
        return true;
      }
      return false;
    }

    boolean or() {
      boolean value = and();
      while (takes("||")) {
        value |= and();
      }
      return value;
    }

    private boolean and() {
      boolean value = unary();
      while (takes("&&")) {
        value &= unary();
      }
      return value;
    }

    private boolean unary() {
      if (takes("!")) {
        return !unary();
      }
      if (takes("(")) {
        boolean value = or();
        if (!takes(")")) {
          throw new IllegalStateException("no closing parenthesis: " + tokens);
        }
        return value;
      }
      Check check = next < tests.size() ? tests.get(next++).check() : null;
      if (check == null) {
        throw new IllegalStateException("not an expression: " + tokens);
      }
      return check.holds(self, before);
    }
  }
}
