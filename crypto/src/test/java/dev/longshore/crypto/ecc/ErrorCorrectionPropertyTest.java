package dev.longshore.crypto.ecc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.ecc.ErrorCorrection.Decoded;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ErrorCorrectionPropertyTest {
  private static final int[] PERCENTS = {1, 2, 3, 4, 6, 7, 9, 12, 20, 50, 100};
  private static final int[] LENGTHS = {
    0, 1, 2, 28, 100, 1000, 2050, 2500, 9000, 20000, 70_001, 300_001
  };

  @Test
  void repairsUpToParityManyDamagedShardsOfEachBlock() throws UnrepairableException {
    Random random = new Random(1);
    for (int percent : PERCENTS) {
      ReedSolomonCrc32 correction = new ReedSolomonCrc32(percent);
      for (int length : LENGTHS) {
        byte[] data = bytes(random, length);
        byte[] stored = correction.encode(data, 0, length);
        ShardLayout layout = correction.layoutOfPlain(length);
        int damaged = 0;
        for (int block = 0; block < layout.blocks(); block++) {
          List<Integer> shards = shardOffsets(layout, block);
          Collections.shuffle(shards, random);
          int count = random.nextInt(layout.code().parityShards() + 1);
          count =
              Math.min(random.nextBoolean() ? layout.code().parityShards() : count, shards.size());
          for (int at : shards.subList(0, count)) {
            stored[at + random.nextInt(5)] ^= (byte) (1 + random.nextInt(255));
          }
          damaged += count;
        }
        Decoded decoded = correction.decode(stored, 0, stored.length);
        assertArrayEquals(data, decoded.data(), percent + "% of " + length);
        assertEquals(damaged, decoded.repairedShards(), percent + "% of " + length);
      }
    }
  }

  @Test
  void refusesOneDamagedShardTooManyInAnyBlock() {
    Random random = new Random(2);
    for (int percent : PERCENTS) {
      ReedSolomonCrc32 correction = new ReedSolomonCrc32(percent);
      for (int length : LENGTHS) {
        byte[] stored = correction.encode(bytes(random, length), 0, length);
        ShardLayout layout = correction.layoutOfPlain(length);
        int block = random.nextInt(layout.blocks());
        int damagedData = 0;
        List<Integer> shards = shardOffsets(layout, block);
        Collections.shuffle(shards, random);
        for (int at : shards.subList(0, Math.min(layout.code().parityShards(), shards.size()))) {
          stored[at] ^= 1;
          damagedData += at >= layout.dataOffset(0) ? 1 : 0;
        }
        // One more, a data shard if only parity is damaged so far: lost parity alone loses nothing.
        for (int at : shards.subList(layout.code().parityShards(), shards.size())) {
          if (damagedData > 0 || at >= layout.dataOffset(0)) {
            stored[at] ^= 1;
            break;
          }
        }
        assertThrows(
            UnrepairableException.class,
            () -> correction.decode(stored, 0, stored.length),
            percent + "% of " + length);
      }
    }
  }

  @Test
  void everyLengthComesBackAtAnyOffset() throws UnrepairableException {
    Random random = new Random(3);
    for (int percent : PERCENTS) {
      ReedSolomonCrc32 correction = new ReedSolomonCrc32(percent);
      for (int length = 0; length < 2500; length += 1 + random.nextInt(23)) {
        byte[] data = bytes(random, length + 14);
        byte[] stored = correction.encode(data, 7, length);
        assertEquals(correction.encodedLength(length), stored.length);
        byte[] shifted = new byte[stored.length + 9];
        System.arraycopy(stored, 0, shifted, 5, stored.length);
        Decoded decoded = correction.decode(shifted, 5, stored.length);
        assertEquals(
            ByteBuffer.wrap(data, 7, length), ByteBuffer.wrap(decoded.data()), percent + "%");
      }
    }
  }

  @Test
  void storedLengthTellsTheLayoutForEveryPlainLength() throws UnrepairableException {
    for (int percent = 1; percent <= 100; percent++) {
      ReedSolomonCrc32 correction = new ReedSolomonCrc32(percent);
      for (int length = 0; length < 600_000; length += length < 3000 ? 1 : 997) {
        ShardLayout layout = correction.layoutOfPlain(length);
        ShardLayout found = correction.layoutOfStored((int) layout.storedBytes());
        assertEquals(layout.shardBytes(), found.shardBytes());
        assertEquals(layout.blocks(), found.blocks());
        assertEquals(layout.streamBytes(), found.streamBytes());
        assertEquals(layout.code(), found.code());
      }
    }
  }

  @Test
  void refusesALengthThatDoesNotFitThoughEveryChecksumIsRight() {
    ReedSolomonCrc32 correction = new ReedSolomonCrc32(20);
    for (int length : new int[] {0, 100, 2000, 100_000}) {
      for (int forged : new int[] {length + 9000, Integer.MAX_VALUE, -1, 8_000_000}) {
        byte[] stored = correction.encode(new byte[length], 0, length);
        ShardLayout layout = correction.layoutOfPlain(length);
        for (int i = 0; i < 4; i++) {
          int shard = i / layout.shardBytes();
          int place = layout.dataOffset(shard) + 4 + i % layout.shardBytes();
          stored[place] = (byte) (forged >>> (24 - 8 * i));
          int at = layout.dataOffset(shard);
          CRC32 crc = new CRC32();
          crc.update(stored, at + 4, layout.shardBytes());
          ByteBuffer.wrap(stored).putInt(at, (int) crc.getValue());
        }
        assertThrows(
            UnrepairableException.class, () -> correction.decode(stored, 0, stored.length));
      }
    }
  }

  @Test
  void knowsOnlyItsNameAndOneToAHundredPercent() {
    assertTrue(ErrorCorrections.create("REED-SOLOMON-CRC32", 1).isPresent());
    assertTrue(ErrorCorrections.create("REED-SOLOMON-CRC32", 100).isPresent());
    assertTrue(ErrorCorrections.create("REED-SOLOMON-CRC32", 0).isEmpty());
    assertTrue(ErrorCorrections.create("REED-SOLOMON-CRC32", 101).isEmpty());
    assertTrue(ErrorCorrections.create("REED-SOLOMON", 5).isEmpty());
  }

  @Test
  void refusesPlainLengthsWhoseStoredFormFitsNoArray() {
    ReedSolomonCrc32 correction = new ReedSolomonCrc32(100);
    assertThrows(IllegalArgumentException.class, () -> correction.encodedLength(Integer.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> correction.encodedLength(1_100_000_000));
    assertThrows(IllegalArgumentException.class, () -> correction.encodedLength(-1));
    assertTrue(correction.encodedLength(1 << 28) > 1 << 29);
  }

  /// Where the checksum of each stored shard of a block is.
  private static List<Integer> shardOffsets(ShardLayout layout, int block) {
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i < layout.code().parityShards(); i++) {
      offsets.add(layout.parityOffset(block, i));
    }
    for (int i = 0; i < layout.code().dataShards(); i++) {
      int shard = block * layout.code().dataShards() + i;
      if (layout.storedBytesOf(shard) > 0) {
        offsets.add(layout.dataOffset(shard));
      }
    }
    return offsets;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
