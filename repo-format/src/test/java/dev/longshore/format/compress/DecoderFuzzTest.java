package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.format.error.CorruptException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Hostile streams: whatever the bytes, a decoder gives what was asked for or says
/// [CorruptException], soon. That no array is larger than the bytes justify is tested with
/// [PlainBuffer], from which all decoders have theirs.
class DecoderFuzzTest {
  private static final int ROUNDS = 1500;
  private static final int MAX_PLAIN_BYTES = 1 << 20;

  private static final List<Compression> DECODERS =
      List.of(
          Compression.GZIP,
          Compression.ZSTD,
          Compression.S2_DEFAULT,
          Compression.LZ4,
          Compression.DEFLATE_DEFAULT);

  @Test
  void survivesTruncation() throws CorruptException {
    for (Compression compression : DECODERS) {
      byte[] stream = stream(compression, Plain.text(1, 2000));
      for (int length = 0; length < stream.length; length++) {
        byte[] cut = Arrays.copyOf(stream, length);
        assertThrows(
            CorruptException.class,
            () -> compression.compressor().decompress(cut, 0, cut.length, 2000),
            compression + " cut to " + length);
        decodeAny(compression, cut);
      }
    }
  }

  @Test
  void survivesAnyChange() {
    long seconds = Long.getLong("longshore.fuzz.seconds", 0L);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    long round = 0;
    while (round < ROUNDS || System.nanoTime() < end) {
      SplittableRandom random = new SplittableRandom(round);
      for (Compression compression : DECODERS) {
        byte[] hostile = hostile(compression, random);
        try {
          decodeAny(compression, hostile);
        } catch (RuntimeException | Error e) {
          throw new AssertionError("seed " + round + ", " + compression, e);
        }
      }
      round++;
    }
  }

  @Test
  void doesNotBelieveAbsurdLengths() {
    // An array of the claimed length would not fit into the heap of the tests.
    for (Compression compression : DECODERS) {
      byte[] stream = stream(compression, Plain.text(1, 2000));
      assertThrows(
          CorruptException.class,
          () -> compression.compressor().decompress(stream, 0, stream.length, Integer.MAX_VALUE));
    }
  }

  @Test
  void rejectsBombs() {
    byte[] zeros = new byte[24 << 20];
    for (Compression compression : DECODERS) {
      byte[] bomb = stream(compression, zeros);
      assertThrows(
          CorruptException.class,
          () -> compression.compressor().decompressUnknown(bomb, 0, bomb.length, MAX_PLAIN_BYTES),
          compression.label());
    }
  }

  private static void decodeAny(Compression compression, byte[] stream) {
    Compressor compressor = compression.compressor();
    byte[] plain = null;
    try {
      plain = compressor.decompress(stream, 0, stream.length, 3000);
      assertEquals(3000, plain.length);
    } catch (CorruptException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(": "), "says what and why");
    }
    byte[] into = new byte[3100];
    try {
      compressor.decompress(stream, 0, stream.length, into, 50, 3000);
      assertArrayEquals(plain, Arrays.copyOfRange(into, 50, 3050));
    } catch (CorruptException e) {
      assertNull(plain, "the same stream, another array");
    }
    assertArrayEquals(new byte[50], Arrays.copyOf(into, 50));
    assertArrayEquals(new byte[50], Arrays.copyOfRange(into, 3050, 3100));
    try {
      byte[] any = compressor.decompressUnknown(stream, 0, stream.length, MAX_PLAIN_BYTES);
      assertTrue(any.length <= MAX_PLAIN_BYTES);
    } catch (CorruptException e) {
      assertTrue(String.valueOf(e.getMessage()).contains(": "), "says what and why");
    }
  }

  /// A good stream with some bytes changed, moved or cut off; at times only noise.
  private static byte[] hostile(Compression compression, SplittableRandom random) {
    int length = random.nextInt(4000);
    byte[] plain =
        switch (random.nextInt(3)) {
          case 0 -> Plain.text(random.nextLong(), length);
          case 1 -> Plain.records(random.nextLong(), length);
          default -> new byte[length];
        };
    byte[] stream = stream(compression, plain);
    if (random.nextInt(10) == 0) {
      stream = concat(Arrays.copyOf(stream, Math.min(10, stream.length)), random);
    }
    int changes = random.nextInt(1, 6);
    for (int i = 0; i < changes && stream.length > 0; i++) {
      // Most damage is in the headers, where the decisions are.
      int at = random.nextInt(random.nextBoolean() ? Math.min(24, stream.length) : stream.length);
      switch (random.nextInt(5)) {
        case 0 -> stream[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> stream[at] = (byte) random.nextInt();
        case 2 -> stream[at] = (byte) 0xff;
        case 3 -> stream = Arrays.copyOf(stream, random.nextInt(stream.length + 1));
        default -> {
          int from = random.nextInt(stream.length);
          int count = random.nextInt(Math.min(stream.length - from, stream.length - at) + 1);
          System.arraycopy(stream, from, stream, at, count);
        }
      }
    }
    return stream;
  }

  private static byte[] concat(byte[] head, SplittableRandom random) {
    byte[] noise = Plain.noise(random.nextLong(), random.nextInt(300));
    byte[] all = Arrays.copyOf(head, head.length + noise.length);
    System.arraycopy(noise, 0, all, head.length, noise.length);
    return all;
  }

  private static byte[] stream(Compression compression, byte[] plain) {
    byte[] out = new byte[plain.length + plain.length / 100 + 200];
    int length = compression.compressor().compress(plain, 0, plain.length, out, 0, out.length);
    return Arrays.copyOf(out, length);
  }
}
