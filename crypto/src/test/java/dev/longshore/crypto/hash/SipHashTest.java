package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// The vectors are those of the paper's appendix and of its authors' reference code: key 00..0f,
/// messages 00, 01, 02, …
final class SipHashTest {
  private static byte[] sequence(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private final SipHash hash = new SipHash(sequence(SipHash.KEY_BYTES));

  @Test
  void hashesAsThePublishedVectors() {
    assertEquals(0x726fdb47dd0e0e31L, hash.hash(sequence(0), 0, 0));
    assertEquals(0x93f5f5799a932462L, hash.hash(sequence(8), 0, 8));
    assertEquals(0xa129ca6149be45e5L, hash.hash(sequence(15), 0, 15));
    assertEquals(0x3f2acc7f57c29bdbL, hash.hash(sequence(16), 0, 16));
  }

  @Test
  void hashesARangeAsTheBytesAlone() {
    byte[] shifted = new byte[40];
    System.arraycopy(sequence(15), 0, shifted, 5, 15);
    assertEquals(0xa129ca6149be45e5L, hash.hash(shifted, 5, 15));
  }

  @Test
  void refusesAKeyOfAnotherLength() {
    assertThrows(IllegalArgumentException.class, () -> new SipHash(new byte[15]));
  }
}
