package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import dev.longshore.format.error.FormatException;
import dev.longshore.format.error.UnsupportedFormatException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CompressedPayloadTest {
  private static final Compression ZSTD = Compression.ZSTD_FASTEST;

  @Test
  void beginsWithTheHeaderIdAndIsSmaller() throws FormatException {
    byte[] plain = Plain.text(1, 5000);
    for (Compression compression : Compression.values()) {
      byte[] payload = CompressedPayload.compress(compression, plain, 0, 5000).orElseThrow();
      assertTrue(payload.length < plain.length);
      int id = compression.headerId();
      assertArrayEquals(new byte[] {0, 0, (byte) (id >> 8), (byte) id}, Arrays.copyOf(payload, 4));
      assertArrayEquals(
          plain, CompressedPayload.decompress(payload, 0, payload.length, id, plain.length));
      assertArrayEquals(
          plain, CompressedPayload.decompressUnknown(payload, 0, payload.length, 5000));
    }
  }

  @Test
  void isNotMadeWhereItWouldNotBeSmaller() {
    for (Compression compression : Compression.values()) {
      for (int length : new int[] {0, 1, 4, 5, 6, 100, 100_000}) {
        byte[] noise = Plain.noise(length, length);
        assertTrue(CompressedPayload.compress(compression, noise, 0, length).isEmpty());
        byte[] out = new byte[length];
        assertEquals(-1, CompressedPayload.compress(compression, noise, 0, length, out, 0));
      }
    }
  }

  @Test
  void isSmallerByAtLeastOneByteOrNotMade() throws FormatException {
    for (Compression compression : Compression.values()) {
      for (int length = 0; length < 200; length++) {
        byte[] plain = Plain.text(length, length);
        var payload = CompressedPayload.compress(compression, plain, 0, length);
        if (payload.isPresent()) {
          assertTrue(payload.get().length < length);
          assertArrayEquals(
              plain,
              CompressedPayload.decompressUnknown(payload.get(), 0, payload.get().length, length));
        }
      }
    }
  }

  @Test
  void rejectsAHeaderIdOtherThanTheEntrys() {
    byte[] payload = payload();
    int other = Compression.ZSTD.headerId();
    assertThrows(
        CorruptException.class,
        () -> CompressedPayload.decompress(payload, 0, payload.length, other, 5000));
  }

  @Test
  void rejectsAnUnknownHeaderIdAsUnsupported() {
    byte[] payload = payload();
    payload[3] = 0x7f;
    assertThrows(
        UnsupportedFormatException.class,
        () -> CompressedPayload.decompress(payload, 0, payload.length, 0x117f, 5000));
    assertThrows(
        UnsupportedFormatException.class,
        () -> CompressedPayload.decompressUnknown(payload, 0, payload.length, 5000));
  }

  @Test
  void rejectsAPayloadWithoutAHeader() {
    for (int length = 0; length < CompressedPayload.HEADER_BYTES; length++) {
      byte[] payload = Arrays.copyOf(payload(), length);
      assertThrows(
          CorruptException.class,
          () -> CompressedPayload.decompressUnknown(payload, 0, payload.length, 5000));
    }
  }

  @Test
  void rejectsAPlainLengthOtherThanExpected() {
    byte[] plain = Plain.text(1, 5000);
    for (Compression compression : Compression.values()) {
      byte[] payload = CompressedPayload.compress(compression, plain, 0, 5000).orElseThrow();
      for (int expected : new int[] {0, 1, 4999, 5001, 10_000, Integer.MAX_VALUE}) {
        assertThrows(
            CorruptException.class,
            () ->
                CompressedPayload.decompress(
                    payload, 0, payload.length, compression.headerId(), expected),
            compression + " " + expected);
      }
      assertThrows(
          CorruptException.class,
          () -> CompressedPayload.decompressUnknown(payload, 0, payload.length, 4999));
    }
  }

  private static byte[] payload() {
    return CompressedPayload.compress(ZSTD, Plain.text(1, 5000), 0, 5000).orElseThrow();
  }
}
