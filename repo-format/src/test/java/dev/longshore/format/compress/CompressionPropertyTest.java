package dev.longshore.format.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.longshore.format.error.CorruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class CompressionPropertyTest {
  private static final byte GUARD = 0x5a;

  /// One of each encoder and level; the others are the same under another id.
  private static final List<Compression> DISTINCT =
      List.of(
          Compression.GZIP_BEST_SPEED,
          Compression.DEFLATE_DEFAULT,
          Compression.ZSTD_FASTEST,
          Compression.ZSTD,
          Compression.ZSTD_BETTER_COMPRESSION,
          Compression.S2_DEFAULT,
          Compression.S2_BETTER,
          Compression.LZ4);

  @Test
  void givesBackWhatItGotAtAllLengths() throws CorruptException {
    for (int length = 0; length <= 70_000; length += length < 300 ? 1 : 6007) {
      for (Compression compression : DISTINCT) {
        checkRoundTrip(compression, Plain.text(length, length));
        checkRoundTrip(compression, Plain.noise(length, length));
        checkRoundTrip(compression, Plain.records(length, length));
        checkRoundTrip(compression, new byte[length]);
      }
    }
  }

  @Test
  void givesBackWhatItGotAtEachOfItsLevels() throws CorruptException {
    for (Compression compression : Compression.values()) {
      checkRoundTrip(compression, Plain.mixed());
    }
  }

  @Test
  void givesBackBlocksThatAreCutByTheFraming() throws CorruptException {
    for (int length : new int[] {4 << 20, (4 << 20) + 1}) {
      byte[] data = Plain.records(length, length);
      System.arraycopy(Plain.noise(length, 1 << 20), 0, data, 2 << 20, 1 << 20);
      for (Compression compression : DISTINCT) {
        checkRoundTrip(compression, data);
      }
    }
  }

  @Test
  void matchesOfAllLengthsAndDistancesComeBack() throws CorruptException {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 100; round++) {
      byte[] data = new byte[random.nextInt(1, 300_000)];
      int at = 0;
      while (at < data.length) {
        int most = 1 << random.nextInt(1, 18);
        int part = Math.min(random.nextInt(1, most + 1), data.length - at);
        if (at == 0 || random.nextInt(3) == 0) {
          System.arraycopy(Plain.noise(random.nextLong(), part), 0, data, at, part);
        } else {
          int distance = Math.min(at, random.nextInt(1, 1 << random.nextInt(1, 19)));
          for (int i = 0; i < part; i++) {
            data[at + i] = data[at + i - distance];
          }
        }
        at += part;
      }
      for (Compression compression :
          List.of(Compression.S2_DEFAULT, Compression.S2_BETTER, Compression.LZ4)) {
        checkRoundTrip(compression, data);
      }
    }
  }

  @Test
  void writesNothingOutsideItsRoomHoweverSmall() throws CorruptException {
    byte[] plain = Plain.text(5, 3000);
    for (Compression compression : DISTINCT) {
      byte[] whole = new byte[4000];
      int enough = compression.compressor().compress(plain, 0, plain.length, whole, 0, 4000);
      for (int room = 0; room <= enough + 20; room++) {
        byte[] out = new byte[room + 10];
        Arrays.fill(out, GUARD);
        int written = compression.compressor().compress(plain, 0, plain.length, out, 5, room);
        for (int i = 0; i < 5; i++) {
          assertEquals(GUARD, out[i]);
          assertEquals(GUARD, out[out.length - 1 - i]);
        }
        if (written >= 0) {
          assertArrayEquals(
              plain, compression.compressor().decompress(out, 5, written, plain.length));
        }
      }
    }
  }

  @Test
  void isOneForManyThreads() throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> rounds = new ArrayList<>();
      for (int round = 0; round < 200; round++) {
        byte[] data = Plain.text(round, 20_000 + round);
        Compression compression = DISTINCT.get(round % DISTINCT.size());
        rounds.add(
            threads.submit(() -> {
              checkRoundTrip(compression, data);
              return data;
            }));
      }
      for (Future<?> round : rounds) {
        round.get();
      }
    }
  }

  private static void checkRoundTrip(Compression compression, byte[] plain)
      throws CorruptException {
    int inOffset = plain.length % 7;
    byte[] in = new byte[plain.length + 11];
    Arrays.fill(in, GUARD);
    System.arraycopy(plain, 0, in, inOffset, plain.length);
    byte[] out = new byte[plain.length + plain.length / 100 + 200];
    Compressor compressor = compression.compressor();
    int written = compressor.compress(in, inOffset, plain.length, out, 3, out.length - 3);
    String where = compression + ", " + plain.length + " bytes";
    assertArrayEquals(plain, compressor.decompress(out, 3, written, plain.length), where);
    assertArrayEquals(plain, compressor.decompressUnknown(out, 3, written, plain.length), where);
    assertArrayEquals(
        plain, compressor.decompressUnknown(out, 3, written, Integer.MAX_VALUE), where);
    checkIntoPlace(compressor, Arrays.copyOfRange(out, 3, 3 + written), plain, where);
  }

  /// A caller's array gets the same bytes, and nothing beside them, whatever the stream gives.
  private static void checkIntoPlace(
      Compressor compressor, byte[] stream, byte[] plain, String where) throws CorruptException {
    byte[] into = new byte[plain.length + 20];
    Arrays.fill(into, GUARD);
    compressor.decompress(stream, 0, stream.length, into, 9, plain.length);
    assertArrayEquals(plain, Arrays.copyOfRange(into, 9, 9 + plain.length), where);
    for (int wrong : new int[] {plain.length - 1, plain.length + 1}) {
      if (wrong >= 0) {
        assertThrows(
            CorruptException.class,
            () -> compressor.decompress(stream, 0, stream.length, into, 9, wrong),
            where);
      }
    }
    for (int i = 0; i < 9; i++) {
      assertEquals(GUARD, into[i], where);
      assertEquals(GUARD, into[into.length - 1 - i], where);
    }
  }
}
