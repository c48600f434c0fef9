package dev.longshore.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.longshore.crypto.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;
import org.bouncycastle.crypto.params.Blake3Parameters;
import org.junit.jupiter.api.Test;

/// Scalar and vector code against an independent implementation.
class BlakePropertyTest {
  private static final int ALL_LENGTHS = 2100;
  private static final int[] LONG_LENGTHS = {
    16 * 1024, 16 * 1024 + 1, 65_535, 65_536, 100_001, 262_144, 262_145, 700_003
  };

  private final Random random = new Random(20);
  private final byte[] data = Vectors.data(701_000);

  @Test
  void blake2bEqualsTheReference() {
    for (int keyBytes : new int[] {1, 20, 32, 64}) {
      byte[] key = key(keyBytes);
      ContentHasher hasher = ContentHashers.blake2b(key, 32, VectorTrial.neverVector());
      compare(hasher, () -> new Blake2bDigest(key, 32, null, null), keyBytes == 32);
    }
  }

  @Test
  void blake2sEqualsTheReference() {
    for (int keyBytes : new int[] {1, 20, 32}) {
      byte[] key = key(keyBytes);
      for (int size : new int[] {16, 32}) {
        ContentHasher hasher = ContentHashers.blake2s(key, size, VectorTrial.neverVector());
        compare(hasher, () -> new Blake2sDigest(key, size, null, null), keyBytes == 32);
      }
    }
  }

  @Test
  void blake3EqualsTheReference() {
    byte[] key = key(32);
    Supplier<Digest> reference = () -> blake3(key);
    compare(ContentHashers.blake3(key, 32, VectorTrial.neverVector()), reference, true);
    compare(ContentHashers.blake3(key, 32, VectorTrial.alwaysVector()), reference, true);
  }

  @Test
  void blake2bBatchesEqualTheReference() {
    byte[] key = key(32);
    compareBatches(
        ContentHashers.blake2b(key, 32, VectorTrial.alwaysVector()),
        new Blake2bDigest(key, 32, null, null));
  }

  @Test
  void blake2sBatchesEqualTheReference() {
    byte[] key = key(32);
    compareBatches(
        ContentHashers.blake2s(key, 16, VectorTrial.alwaysVector()),
        new Blake2sDigest(key, 16, null, null));
  }

  @Test
  void hmacSha3BatchesEqualTheReference() {
    for (int size : new int[] {28, 32}) {
      for (int keyBytes : new int[] {1, 32, 200}) {
        byte[] key = key(keyBytes);
        compareBatches(
            ContentHashers.hmacSha3(key, size, VectorTrial.alwaysVector()),
            ContentHashers.hmacSha3(key, size, VectorTrial.neverVector()));
      }
    }
  }

  /// Against the JDK's, which the golden tests compare with Kopia's.
  private void compareBatches(ContentHasher hasher, ContentHasher reference) {
    List<HashJob> jobs = new ArrayList<>();
    for (int length = 0; length <= ALL_LENGTHS; length += 1 + random.nextInt(7)) {
      jobs.add(job(random.nextInt(9), length, hasher));
    }
    for (int length : new int[] {135, 136, 137, 143, 144, 145, 272, 288, 100_001}) {
      jobs.add(job(random.nextInt(9), length, hasher));
    }
    Collections.shuffle(jobs, random);
    for (int from = 0; from < jobs.size(); ) {
      int to = Math.min(jobs.size(), from + 2 + random.nextInt(9));
      hasher.hashAll(jobs.subList(from, to));
      from = to;
    }
    byte[] expected = new byte[reference.sizeBytes()];
    for (HashJob job : jobs) {
      reference.hash(job.data(), job.offset(), job.length(), expected, 0);
      assertEquals(Vectors.hex(expected), hex(job.out(), job.outOffset(), hasher.sizeBytes()));
    }
  }

  private void compare(ContentHasher hasher, Supplier<Digest> digests, boolean longOnes) {
    Digest reference = digests.get();
    byte[] out = new byte[hasher.sizeBytes() + 3];
    for (int length = 0; length <= ALL_LENGTHS; length++) {
      compareOne(hasher, reference, random.nextInt(9), length, out);
    }
    if (longOnes) {
      for (int length : LONG_LENGTHS) {
        compareOne(hasher, reference, 1 + random.nextInt(9), length, out);
      }
    }
  }

  private void compareOne(
      ContentHasher hasher, Digest reference, int offset, int length, byte[] out) {
    hasher.hash(data, offset, length, out, 2);
    assertEquals(expected(reference, offset, length), hex(out, 2, hasher.sizeBytes()));
  }

  private void compareBatches(ContentHasher hasher, Digest reference) {
    List<HashJob> jobs = new ArrayList<>();
    for (int length = 0; length <= ALL_LENGTHS; length++) {
      jobs.add(job(random.nextInt(9), length, hasher));
    }
    for (int length : LONG_LENGTHS) {
      jobs.add(job(random.nextInt(9), length, hasher));
    }
    Collections.shuffle(jobs, random);
    for (int from = 0; from < jobs.size(); ) {
      int to = Math.min(jobs.size(), from + random.nextInt(20));
      hasher.hashAll(jobs.subList(from, to));
      from = to;
    }
    for (HashJob job : jobs) {
      assertEquals(
          expected(reference, job.offset(), job.length()),
          hex(job.out(), job.outOffset(), hasher.sizeBytes()));
    }
  }

  private HashJob job(int offset, int length, ContentHasher hasher) {
    return new HashJob(data, offset, length, new byte[hasher.sizeBytes() + 1], 1);
  }

  private String expected(Digest reference, int offset, int length) {
    byte[] out = new byte[reference.getDigestSize()];
    reference.update(data, offset, length);
    reference.doFinal(out, 0);
    return Vectors.hex(out);
  }

  private static String hex(byte[] bytes, int offset, int length) {
    return Vectors.hex(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  private static Digest blake3(byte[] key) {
    Blake3Digest digest = new Blake3Digest(32);
    digest.init(Blake3Parameters.key(key));
    return digest;
  }

  private byte[] key(int length) {
    byte[] key = new byte[length];
    random.nextBytes(key);
    return key;
  }
}
