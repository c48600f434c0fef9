package dev.longshore.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @Test
  void readsAllKindsOfValues() throws IOException {
    Json.Obj object =
        Yaml.parseObject("a: text\nb: 12\nc: true\nd: null\ne: [1, x]\nf: {g: 1.5}\nh: |\n  l\n");
    assertEquals(
        "{\"a\":\"text\",\"b\":12,\"c\":true,\"d\":null,\"e\":[1,\"x\"],\"f\":{\"g\":1.5},\"h\":\"l\\n\"}",
        JsonCodec.write(object));
  }

  @Test
  void readsAllDocuments() throws IOException {
    assertEquals(2, Yaml.parseAll("a: 1\n---\n---\nb: 2\n").size());
    assertEquals(List.of(), Yaml.parseAll(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "a: 1\n---\nb: 2",
        "a: 1\na: 2",
        "a: [1",
        "a: !!java.io.File /x",
        "? [a]\n: b",
        "a: *b",
        "a: .inf",
        "a: &x [*x]"
      })
  void refusesWhatIsNoPlainMapping(String text) {
    assertThrows(IOException.class, () -> Yaml.parseObject(text));
  }

  @Test
  void refusesWhatIsNestedTooDeeply() {
    assertThrows(
        IOException.class, () -> Yaml.parseObject("a: " + "[".repeat(101) + "]".repeat(101)));
    assertThrows(IOException.class, () -> Yaml.parseObject("a: " + "[".repeat(200_000)));
  }

  @Test
  void failuresShowThePlaceAndNotTheText() {
    IOException failure =
        assertThrows(IOException.class, () -> Yaml.parseObject("a: 1\ntoken: [secret"));
    assertEquals("the YAML document is malformed in line 2", failure.getMessage());
    assertNull(failure.getCause());
  }

  @Test
  void sharesWhatAliasesShare() throws IOException {
    StringBuilder text = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i <= 20; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertEquals(21, Yaml.parseObject(text.toString()).fields().size());
  }
}
