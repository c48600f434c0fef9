package dev.longshore.format.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RawTextPropertyTest {
  /// Bytes that are often UTF-8, and often nearly.
  private static byte[] name(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int[] kinds = {0x41, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    for (int i = random.nextInt(5); i > 0; i--) {
      text.appendCodePoint(kinds[random.nextInt(kinds.length)]);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void keepsAllBytes() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = name(random);
      assertArrayEquals(bytes, RawText.encode(RawText.decode(bytes)), () -> Arrays.toString(bytes));
    }
  }

  @Test
  void isPlainDecodingForValidText() throws CharacterCodingException {
    SplittableRandom random = new SplittableRandom(8);
    int valid = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = name(random);
      String text;
      try {
        text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        continue;
      }
      valid++;
      assertEquals(text, RawText.decode(bytes));
      assertEquals(text, RawText.display(text));
    }
    assertEquals(true, valid > 5000, "valid names: " + valid);
  }

  @Test
  void comparesAsBytesDo() {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < 50_000; i++) {
      byte[] left = name(random);
      byte[] right = random.nextInt(4) == 0 ? left : name(random);
      assertEquals(
          Integer.signum(Arrays.compareUnsigned(left, right)),
          Integer.signum(RawText.compare(RawText.decode(left), RawText.decode(right))),
          () -> Arrays.toString(left) + " " + Arrays.toString(right));
    }
  }

  @Test
  void showsEachInvalidByteAsOneReplacement() {
    assertEquals("a\ufffd\ufffdb", RawText.display(RawText.decode(new byte[] {'a', -1, -30, 'b'})));
    assertEquals("😀", RawText.display("😀"));
  }
}
