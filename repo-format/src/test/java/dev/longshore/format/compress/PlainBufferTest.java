package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import org.junit.jupiter.api.Test;

class PlainBufferTest {
  private static final int MIB = 1 << 20;

  @Test
  void allocatesWhatAChunkHasAtOnceAndGivesItAway() throws CorruptException {
    PlainBuffer buffer = PlainBuffer.exactly(16 * MIB, 10, "test");
    byte[] bytes = buffer.bytes();
    assertEquals(16 * MIB, bytes.length);
    buffer.advance(16 * MIB);
    assertSame(bytes, buffer.finish());
  }

  @Test
  void allocatesNoMoreThanAChunkForAClaimThatTheStreamDoesNotSupport() {
    assertEquals(16 * MIB, PlainBuffer.exactly(Integer.MAX_VALUE, 1000, "test").bytes().length);
    assertEquals(64 * MIB, PlainBuffer.exactly(Integer.MAX_VALUE, MIB, "test").bytes().length);
    assertEquals(4 * MIB, PlainBuffer.atMost(Integer.MAX_VALUE, MIB, "test").bytes().length);
  }

  @Test
  void growsToNoMoreThanAllowed() throws CorruptException {
    PlainBuffer buffer = PlainBuffer.atMost(10_000, 1, "test");
    while (buffer.bytes().length < 10_000) {
      buffer.advance(buffer.room());
      buffer.growSome();
    }
    buffer.advance(buffer.room());
    assertEquals(10_000, buffer.at());
    assertEquals(0, buffer.allowed());
    assertThrows(CorruptException.class, buffer::growSome);
    assertThrows(CorruptException.class, () -> buffer.growBy(1));
    assertThrows(CorruptException.class, () -> buffer.append(new byte[1], 0, 1));
  }

  @Test
  void keepsItsBytesWhenItGrows() throws CorruptException {
    PlainBuffer buffer = PlainBuffer.atMost(MIB, 1, "test");
    byte[] plain = Plain.noise(1, 100_000);
    for (int at = 0; at < plain.length; at += 1000) {
      buffer.append(plain, at, 1000);
    }
    assertArrayEquals(plain, buffer.finish());
  }

  @Test
  void saysHowManyBytesWereExpected() {
    PlainBuffer buffer = PlainBuffer.exactly(100, 10, "test stream");
    buffer.advance(99);
    CorruptException tooFew = assertThrows(CorruptException.class, buffer::finish);
    assertEquals("test stream: expected 100 plain bytes, found 99", tooFew.getMessage());
  }
}
