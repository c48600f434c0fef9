package dev.longshore.format.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GoJsonWriterTest {
  private static void document(GoJsonWriter json) {
    json.beginObject()
        .field("a", 1)
        .fieldUnlessZero("gone", 0)
        .fieldUnlessEmpty("gone", "")
        .fieldUnlessEmpty("gone", List.of())
        .fieldIfTrue("gone", false)
        .fieldUnlessNull("gone", (Long) null)
        .fieldUnlessNull("zero", 0L)
        .fieldUnlessNull("no", Boolean.FALSE)
        .fieldUnlessEmpty("list", List.of("x", "<"))
        .name("empty")
        .beginObject()
        .endObject()
        .name("nothing")
        .beginArray()
        .endArray()
        .name("bytes")
        .base64(new byte[] {-1, 0})
        .name("raw")
        .raw("{\"p\": [1, \"&\"]}".getBytes(StandardCharsets.UTF_8))
        .name("null")
        .nullValue()
        .endObject();
  }

  @Test
  void writesCompactJsonWithoutWhatIsUnset() {
    GoJsonWriter json = new GoJsonWriter();
    document(json);
    assertEquals(
        "{\"a\":1,\"zero\":0,\"no\":false,\"list\":[\"x\",\"\\u003c\"],\"empty\":{},\"nothing\":[],"
            + "\"bytes\":\"/wA=\",\"raw\":{\"p\":[1,\"\\u0026\"]},\"null\":null}\n",
        Upper.text(json.newline().toByteArray()));
  }

  @Test
  void indentsAsIfTheCompactFormWereIndentedAfterwards() {
    GoJsonWriter compact = new GoJsonWriter();
    GoJsonWriter indented = GoJsonWriter.indented();
    document(compact);
    document(indented);
    assertEquals(
        Upper.text(JsonText.indent(compact.toByteArray())).replace("\\u0026", "&"),
        Upper.text(indented.toByteArray()).replace("\\u0026", "&"));
  }

  @Test
  void goesOnAfterDraining() throws IOException {
    ByteArrayOutputStream pieces = new ByteArrayOutputStream();
    GoJsonWriter whole = new GoJsonWriter();
    GoJsonWriter drained = new GoJsonWriter();
    whole.beginArray();
    drained.beginArray();
    for (int i = 0; i < 1000; i++) {
      whole.value("é".repeat(i));
      drained.value("é".repeat(i));
      drained.drainTo(pieces);
      assertEquals(0, drained.size());
    }
    whole.endArray();
    drained.endArray().drainTo(pieces);
    assertArrayEquals(whole.toByteArray(), pieces.toByteArray());
  }

  @Test
  void writesEveryLongInDecimal() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 2000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertEquals(Long.toString(value), Upper.text(new GoJsonWriter().value(value).toByteArray()));
    }
    assertEquals(
        "-9223372036854775808", Upper.text(new GoJsonWriter().value(Long.MIN_VALUE).toByteArray()));
  }

  @Test
  void refusesMisuse() {
    assertThrows(IllegalStateException.class, () -> new GoJsonWriter().endObject());
    assertThrows(
        IllegalStateException.class, () -> new GoJsonWriter().beginObject().name("x").endObject());
    assertThrows(IllegalArgumentException.class, () -> new GoJsonWriter().value(Double.NaN));
  }
}
