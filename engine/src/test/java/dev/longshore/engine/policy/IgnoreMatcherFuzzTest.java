package dev.longshore.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IgnoreMatcherFuzzTest {
  private static final String[] PIECES = {
    "*",
    "**",
    "/",
    "[",
    "]",
    "[!",
    "-",
    "\\",
    "[:",
    ":]",
    "[:alpha:]",
    "[[:digit:]]",
    "!",
    "?",
    " ",
    "\t",
    "a",
    "z",
    "\0",
    "é",
    "😀",
    "\udcff",
    "\ud800",
    "\u3000"
  };

  private static String text(SplittableRandom random, int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(pieces + 1); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  @Test
  void refusesOrMatchesWhateverIsWritten() {
    SplittableRandom random = new SplittableRandom(21);
    int refused = 0;
    int ignored = 0;
    for (int i = 0; i < 30_000; i++) {
      String pattern = text(random, 9);
      String base = random.nextBoolean() ? "" : "/" + text(random, 3);
      String path = "/" + text(random, 12);
      try {
        IgnoreMatcher matcher = IgnoreMatcher.compile(pattern, base);
        ignored += matcher.ignores(path, random.nextBoolean()) ? 1 : 0;
      } catch (InvalidPatternException e) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("\"" + pattern + "\" in \"" + base + "\" on " + path, e);
      }
    }
    assertEquals(true, refused > 1000 && ignored > 1000, refused + " refused, " + ignored);
  }
}
