package dev.longshore.agent.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NamesTest {
  private static final String BACKUP = "5d1f3c5e-7b57-4f6e-9f6c-2f1d6a0f9f11";
  private static final String RESTORE = "71e0c9c2-2a0c-4a92-a6a4-4b0d7f2f7a10";
  private static final String CLAIM = "0a54b8a4-52a5-4f21-9a40-6f5f0f0f4ad2";

  @Test
  void shortensAsVeleroDoes() {
    assertEquals(
        "du-5d1f3c5e-7b57-4f6e-9f6c-2f1d6a0f9f11.0a54b8a4-52a5-4f2700033",
        Names.label("du-" + BACKUP + "." + CLAIM));
    assertEquals(
        "dd-71e0c9c2-2a0c-4a92-a6a4-4b0d7f2f7a10.0a54b8a4-52a5-4f22bcdba",
        Names.label("dd-" + RESTORE + "." + CLAIM));
    String longest = "n".repeat(63);
    assertEquals(longest, Names.label(longest));
    assertEquals(63, Names.label(longest + "n").length());
  }

  @Test
  void eachAttemptHasAPodOfItsOwn() {
    String name = "nightly-" + "x".repeat(60);
    assertNotEquals(Names.pod(name, 1), Names.pod(name, 2));
    assertTrue(Names.pod(name, 12).length() <= 63);
    assertEquals("longshore-nightly-1-a2", Names.pod("nightly-1", 2));
  }
}
