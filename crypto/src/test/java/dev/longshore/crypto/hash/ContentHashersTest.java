package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.longshore.crypto.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ContentHashersTest {
  private final byte[] secret = Vectors.data(32);

  @Test
  void everyAlgorithmIsFoundByItsWireName() {
    assertEquals(11, HashAlgorithm.values().length);
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      assertEquals(algorithm, HashAlgorithm.byName(algorithm.wireName()).orElseThrow());
    }
    assertTrue(HashAlgorithm.byName("blake2b-256").isEmpty());
  }

  @Test
  void refusesSecretsThatTheAlgorithmCannotTake() {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      assertThrows(
          IllegalArgumentException.class, () -> ContentHashers.keyed(algorithm, new byte[0]));
      if (algorithm.maxSecretBytes() < 100) {
        byte[] tooLong = new byte[algorithm.maxSecretBytes() + 1];
        assertThrows(
            IllegalArgumentException.class, () -> ContentHashers.keyed(algorithm, tooLong));
      }
      int longest = Math.min(200, algorithm.maxSecretBytes());
      ContentHasher hasher = ContentHashers.keyed(algorithm, new byte[longest]);
      assertEquals(algorithm.sizeBytes(), hasher.hash(new byte[3]).length);
    }
  }

  @Test
  void laterChangesOfTheSecretDoNotMatter() {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      byte[] borrowed = secret.clone();
      ContentHasher hasher = ContentHashers.keyed(algorithm, borrowed);
      borrowed[0]++;
      assertArrayEquals(ContentHashers.keyed(algorithm, secret).hash(secret), hasher.hash(secret));
    }
  }

  @Test
  void checksTheRanges() {
    byte[] out = new byte[64];
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      ContentHasher hasher = ContentHashers.keyed(algorithm, secret);
      assertThrows(IndexOutOfBoundsException.class, () -> hasher.hash(new byte[10], 5, 6, out, 0));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> hasher.hash(new byte[10], 0, 10, out, 65 - hasher.sizeBytes()));
      List<HashJob> jobs = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        jobs.add(new HashJob(secret, 0, 32, new byte[hasher.sizeBytes() - 1], 0));
      }
      assertThrows(IndexOutOfBoundsException.class, () -> hasher.hashAll(jobs));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> new HashJob(out, 60, 5, out, 0));
  }

  @Test
  void aHashMayOverwriteItsInput() {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      ContentHasher hasher = ContentHashers.keyed(algorithm, secret);
      byte[] data = Vectors.data(500);
      byte[] expected = hasher.hash(data);
      hasher.hash(data, 0, 500, data, 0);
      assertArrayEquals(expected, Arrays.copyOf(data, expected.length));
    }
  }

  @Test
  void manyThreadsGetTheRightHashes() throws Exception {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      ContentHasher hasher = ContentHashers.keyed(algorithm, secret);
      byte[] data = Vectors.data(40_000);
      byte[] expected = hasher.hash(data);
      try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
        List<Future<Boolean>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          results.add(pool.submit(() -> Arrays.equals(expected, hasher.hash(data.clone()))));
        }
        for (Future<Boolean> result : results) {
          assertTrue(result.get(), algorithm::wireName);
        }
      }
    }
  }

  @Test
  void hashAllEqualsHashingOneByOne() {
    for (HashAlgorithm algorithm : HashAlgorithm.values()) {
      ContentHasher hasher = ContentHashers.keyed(algorithm, secret);
      byte[] out = new byte[9 * hasher.sizeBytes()];
      List<HashJob> jobs = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        jobs.add(new HashJob(Vectors.data(900), i, 100 * i, out, i * hasher.sizeBytes()));
      }
      hasher.hashAll(jobs);
      for (HashJob job : jobs) {
        byte[] one = new byte[out.length];
        hasher.hash(job.data(), job.offset(), job.length(), one, job.outOffset());
        assertTrue(
            Arrays.equals(
                one,
                job.outOffset(),
                job.outOffset() + hasher.sizeBytes(),
                out,
                job.outOffset(),
                job.outOffset() + hasher.sizeBytes()));
      }
      assertFalse(hasher.batchSize() < 1);
    }
  }
}
