package dev.longshore.crypto.ecc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.FuzzRun;
import dev.longshore.crypto.ecc.ErrorCorrection.Decoded;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// Whatever the bytes, decoding gives data of a fitting length or an [UnrepairableException].
class ErrorCorrectionFuzzTest {
  private final List<ReedSolomonCrc32> corrections =
      IntStream.rangeClosed(1, 100).mapToObj(ReedSolomonCrc32::new).toList();

  @Test
  void anyBytesOfAnyLengthAreDecodedOrRefused() {
    FuzzRun.check(
        3000,
        random -> {
          byte[] stored = new byte[random.nextInt(random.nextInt(10) == 0 ? 60_000 : 2500)];
          random.nextBytes(stored);
          decode(corrections.get(random.nextInt(100)), stored);
        });
  }

  @Test
  void brokenStoredFormsAreDecodedOrRefused() {
    FuzzRun.check(
        2000,
        random -> {
          ReedSolomonCrc32 correction = corrections.get(random.nextInt(100));
          int length = random.nextInt(random.nextInt(10) == 0 ? 60_000 : 3000);
          byte[] stored = correction.encode(new byte[length], 0, length);
          ShardLayout layout = correction.layoutOfPlain(length);
          for (int i = random.nextInt(6); i >= 0; i--) {
            stored = damage(stored, layout, random);
          }
          decode(correction, stored);
        });
  }

  private static byte[] damage(byte[] stored, ShardLayout layout, Random random) {
    if (stored.length == 0) {
      return stored;
    }
    int at = random.nextInt(stored.length);
    switch (random.nextInt(5)) {
      case 0 -> stored[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> Arrays.fill(stored, at, Math.min(stored.length, at + 200), (byte) 0);
      case 2 -> stored = Arrays.copyOf(stored, at);
      case 3 -> stored = Arrays.copyOf(stored, stored.length + random.nextInt(100));
      default -> forge(stored, layout, random);
    }
    return stored;
  }

  /// Changes a data shard and makes its checksum right again; often the one that holds the length.
  private static void forge(byte[] stored, ShardLayout layout, Random random) {
    int shard = random.nextBoolean() ? 0 : random.nextInt(layout.storedDataShards());
    int at = layout.dataOffset(shard);
    if (at + layout.strideBytes() > stored.length) {
      return;
    }
    stored[at + 4 + random.nextInt(layout.shardBytes())] = (byte) random.nextInt(256);
    CRC32 crc = new CRC32();
    crc.update(stored, at + 4, layout.shardBytes());
    ByteBuffer.wrap(stored).putInt(at, (int) crc.getValue());
  }

  private static void decode(ErrorCorrection correction, byte[] stored) {
    try {
      Decoded decoded = correction.decode(stored, 0, stored.length);
      assertEquals(stored.length, correction.encodedLength(decoded.data().length));
    } catch (UnrepairableException expected) {
      assertEquals(UnrepairableException.class, expected.getClass());
    }
  }
}
