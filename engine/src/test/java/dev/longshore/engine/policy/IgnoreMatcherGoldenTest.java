package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.longshore.engine.testkit.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoreMatcherGoldenTest {
  private static String shown(String pattern, String base, String path) {
    return "\"" + pattern + "\" in \"" + base + "\" on " + path;
  }

  @Test
  void matchesAsKopiaDoes() throws IOException {
    int refused = 0;
    List<Json> cases = PolicyVectors.cases("ignore-match.json");
    for (Json c : cases) {
      String pattern = c.get("p").text();
      String base = c.get("base").text();
      if (c.has("err")) {
        assertThrows(InvalidPatternException.class, () -> IgnoreMatcher.compile(pattern, base));
        refused++;
        continue;
      }
      IgnoreMatcher matcher = IgnoreMatcher.compile(pattern, base);
      String path = c.get("t").text();
      assertEquals(c.has("neg"), matcher.isNegated(), pattern);
      assertEquals(
          c.get("m").truth(),
          matcher.ignores(path, c.get("dir").truth()),
          shown(pattern, base, path));
    }
    assertEquals(9, refused);
    assertEquals(2818, cases.size());
  }

  @Test
  void matchesRandomPatternsAsKopiaDoes() throws IOException {
    for (Json c : PolicyVectors.cases("ignore-random.json")) {
      List<Json> columns = c.list();
      String pattern = columns.get(0).text();
      String base = columns.get(1).text();
      String path = columns.get(2).text();
      if (columns.get(4).toString().equals("error")) {
        assertThrows(InvalidPatternException.class, () -> IgnoreMatcher.compile(pattern, base));
      } else {
        assertEquals(
            columns.get(4).truth(),
            IgnoreMatcher.compile(pattern, base).ignores(path, columns.get(3).truth()),
            shown(pattern, base, path));
      }
    }
  }

  @Test
  void takesReasonableTimeForHostilePatterns() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          String path = "/" + "a/".repeat(1000) + "a";
          for (String part : List.of("**/a/", "*a", "**/*a*/", "?*")) {
            IgnoreMatcher matcher = IgnoreMatcher.compile("/" + part.repeat(60) + "b", "");
            assertEquals(false, matcher.ignores(path, false), part);
          }
        });
  }

  @Test
  void refusesMoreStarsThanAnybodyNeeds() {
    assertThrows(
        InvalidPatternException.class, () -> IgnoreMatcher.compile("*a".repeat(30_000), ""));
  }

  @Test
  void treatsInvalidBytesAsOneCharacterEach() throws IOException {
    assertEquals(true, IgnoreMatcher.compile("a?", "").ignores("/a\udcff", false));
    assertEquals(false, IgnoreMatcher.compile("a?", "").ignores("/a\udcff\udcfe", false));
    assertEquals(true, IgnoreMatcher.compile("?", "").ignores("/😀", false));
  }
}
