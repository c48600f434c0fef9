package dev.longshore.crypto.hash;

import static jdk.incubator.vector.VectorOperators.AND_NOT;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// HMAC with SHA-3 of four contents side by side; used by one thread.
///
/// The JDK has SHA-3 for vectors only where they have 512 bits. Arrays that vectors are loaded from
/// are word-major: the same word of all lanes lies together.
final class HmacSha3Lanes extends HashLanes {
  private static final VectorSpecies<Long> LANES = LongVector.SPECIES_256;
  private static final int WIDTH = LANES.length();
  private static final int WORDS = 25;
  private static final int STATE_BYTES = 200;
  private static final int HASH_WORDS = 4;
  private static final byte INNER_PAD = 0x36;
  private static final byte OUTER_PAD = 0x5c;

  /// What is XORed into the first word after each round.
  private static final long[] ROUNDS = {
    0x0000000000000001L, 0x0000000000008082L, 0x800000000000808aL,
    0x8000000080008000L, 0x000000000000808bL, 0x0000000080000001L,
    0x8000000080008081L, 0x8000000000008009L, 0x000000000000008aL,
    0x0000000000000088L, 0x0000000080008009L, 0x000000008000000aL,
    0x000000008000808bL, 0x800000000000008bL, 0x8000000000008089L,
    0x8000000000008003L, 0x8000000000008002L, 0x8000000000000080L,
    0x000000000000800aL, 0x800000008000000aL, 0x8000000080008081L,
    0x8000000000008080L, 0x0000000080000001L, 0x8000000080008008L
  };

  /// How far each word is rotated.
  private static final int[] ROTATIONS = {
    0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14
  };

  private final int size;
  private final int rateBytes;
  private final long[] afterInnerKey;
  private final long[] afterOuterKey;
  private final long[] state = new long[WORDS * WIDTH];
  private final long[] messages = new long[WORDS * WIDTH];
  private final byte[] block;

  /// @param size the length of a hash in bytes, 28 or 32
  HmacSha3Lanes(byte[] key, int size) {
    super(WIDTH, rateBytes(size), 1, false);
    this.size = size;
    this.rateBytes = rateBytes(size);
    this.block = new byte[rateBytes];
    byte[] fitting = key.length > rateBytes ? digest(key, size) : key;
    this.afterInnerKey = afterKey(fitting, INNER_PAD);
    this.afterOuterKey = afterKey(fitting, OUTER_PAD);
  }

  private static int rateBytes(int size) {
    return STATE_BYTES - 2 * size;
  }

  private static byte[] digest(byte[] key, int size) {
    try {
      return MessageDigest.getInstance("SHA3-" + 8 * size).digest(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks SHA-3", e);
    }
  }

  private long[] afterKey(byte[] key, byte pad) {
    byte[] padded = Arrays.copyOf(key, rateBytes);
    for (int i = 0; i < padded.length; i++) {
      padded[i] ^= pad;
    }
    long[] words = new long[WORDS];
    absorb(words, padded);
    return words;
  }

  @Override
  void restart(int lane) {
    for (int i = 0; i < WORDS; i++) {
      state[i * WIDTH + lane] = afterInnerKey[i];
    }
  }

  @Override
  void load(int lane, byte[] data, int offset, long counter) {
    for (int i = 0; i < rateBytes / Long.BYTES; i++) {
      messages[i * WIDTH + lane] = Blake2b.word(data, offset, i);
    }
  }

  @Override
  void loadLast(int lane, byte[] data, int offset, int length, long counter) {
    System.arraycopy(data, offset, block, 0, length);
    pad(length);
    load(lane, block, 0, counter);
  }

  /// Fills the block up: the suffix of SHA-3, and the last bit of the padding.
  private void pad(int length) {
    Arrays.fill(block, length, rateBytes, (byte) 0);
    block[length] = 0x06;
    block[rateBytes - 1] |= (byte) 0x80;
  }

  @Override
  void step() {
    permute(state, messages, rateBytes / Long.BYTES);
  }

  @Override
  void writeHash(int lane, HashJob job) {
    long[] inner = new long[HASH_WORDS];
    for (int i = 0; i < HASH_WORDS; i++) {
      inner[i] = state[i * WIDTH + lane];
    }
    writeHash(inner, job);
  }

  private void writeHash(long[] inner, HashJob job) {
    Blake2b.write(inner, block, 0, size);
    pad(size);
    long[] outer = afterOuterKey.clone();
    absorb(outer, block);
    Blake2b.write(outer, job.out(), job.outOffset(), size);
  }

  @Override
  void finishAlone(int lane, HashJob job, int done) {
    throw new IllegalStateException("a single lane goes on by itself");
  }

  @Override
  void hashAlone(HashJob job) {
    pad(0);
    long[] words = afterInnerKey.clone();
    absorb(words, block);
    writeHash(words, job);
  }

  /// Takes one block into a single state.
  private void absorb(long[] words, byte[] bytes) {
    for (int i = 0; i < rateBytes / Long.BYTES; i++) {
      words[i] ^= Blake2b.word(bytes, 0, i);
    }
    permute(words);
  }

  /// The permutation of Keccak of one state; the plain twin of the one below, for the few blocks of
  /// keys.
  private static void permute(long[] a) {
    long[] b = new long[WORDS];
    long[] c = new long[5];
    for (long round : ROUNDS) {
      for (int x = 0; x < 5; x++) {
        c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
      }
      for (int i = 0; i < WORDS; i++) {
        int x = i % 5;
        int y = i / 5;
        long mixed = a[i] ^ c[(x + 4) % 5] ^ Long.rotateLeft(c[(x + 1) % 5], 1);
        b[y + 5 * ((2 * x + 3 * y) % 5)] = Long.rotateLeft(mixed, ROTATIONS[i]);
      }
      for (int i = 0; i < WORDS; i++) {
        int row = i / 5 * 5;
        a[i] = b[i] ^ (~b[row + (i + 1) % 5] & b[row + (i + 2) % 5]);
      }
      a[0] ^= round;
    }
  }

  /// Takes one block in each lane.
  ///
  /// Longer than a method should be: vectors are boxed as soon as they cross a call that is not
  /// inlined, and a call to a method of ours is not inlined in one of this size.
  private static void permute(long[] state, long[] m, int words) {
    for (int i = 0; i < words * WIDTH; i += WIDTH) {
      LongVector.fromArray(LANES, state, i)
          .lanewise(XOR, LongVector.fromArray(LANES, m, i))
          .intoArray(state, i);
    }
    LongVector a0 = LongVector.fromArray(LANES, state, 0 * WIDTH);
    LongVector a1 = LongVector.fromArray(LANES, state, 1 * WIDTH);
    LongVector a2 = LongVector.fromArray(LANES, state, 2 * WIDTH);
    LongVector a3 = LongVector.fromArray(LANES, state, 3 * WIDTH);
    LongVector a4 = LongVector.fromArray(LANES, state, 4 * WIDTH);
    LongVector a5 = LongVector.fromArray(LANES, state, 5 * WIDTH);
    LongVector a6 = LongVector.fromArray(LANES, state, 6 * WIDTH);
    LongVector a7 = LongVector.fromArray(LANES, state, 7 * WIDTH);
    LongVector a8 = LongVector.fromArray(LANES, state, 8 * WIDTH);
    LongVector a9 = LongVector.fromArray(LANES, state, 9 * WIDTH);
    LongVector a10 = LongVector.fromArray(LANES, state, 10 * WIDTH);
    LongVector a11 = LongVector.fromArray(LANES, state, 11 * WIDTH);
    LongVector a12 = LongVector.fromArray(LANES, state, 12 * WIDTH);
    LongVector a13 = LongVector.fromArray(LANES, state, 13 * WIDTH);
    LongVector a14 = LongVector.fromArray(LANES, state, 14 * WIDTH);
    LongVector a15 = LongVector.fromArray(LANES, state, 15 * WIDTH);
    LongVector a16 = LongVector.fromArray(LANES, state, 16 * WIDTH);
    LongVector a17 = LongVector.fromArray(LANES, state, 17 * WIDTH);
    LongVector a18 = LongVector.fromArray(LANES, state, 18 * WIDTH);
    LongVector a19 = LongVector.fromArray(LANES, state, 19 * WIDTH);
    LongVector a20 = LongVector.fromArray(LANES, state, 20 * WIDTH);
    LongVector a21 = LongVector.fromArray(LANES, state, 21 * WIDTH);
    LongVector a22 = LongVector.fromArray(LANES, state, 22 * WIDTH);
    LongVector a23 = LongVector.fromArray(LANES, state, 23 * WIDTH);
    LongVector a24 = LongVector.fromArray(LANES, state, 24 * WIDTH);
    for (int round = 0; round < ROUNDS.length; round++) {
      LongVector c0 = a0.lanewise(XOR, a5).lanewise(XOR, a10).lanewise(XOR, a15).lanewise(XOR, a20);
      LongVector c1 = a1.lanewise(XOR, a6).lanewise(XOR, a11).lanewise(XOR, a16).lanewise(XOR, a21);
      LongVector c2 = a2.lanewise(XOR, a7).lanewise(XOR, a12).lanewise(XOR, a17).lanewise(XOR, a22);
      LongVector c3 = a3.lanewise(XOR, a8).lanewise(XOR, a13).lanewise(XOR, a18).lanewise(XOR, a23);
      LongVector c4 = a4.lanewise(XOR, a9).lanewise(XOR, a14).lanewise(XOR, a19).lanewise(XOR, a24);
      LongVector d0 = c4.lanewise(XOR, c1.lanewise(ROL, 1L));
      LongVector d1 = c0.lanewise(XOR, c2.lanewise(ROL, 1L));
      LongVector d2 = c1.lanewise(XOR, c3.lanewise(ROL, 1L));
      LongVector d3 = c2.lanewise(XOR, c4.lanewise(ROL, 1L));
      LongVector d4 = c3.lanewise(XOR, c0.lanewise(ROL, 1L));
      LongVector b0 = a0.lanewise(XOR, d0);
      LongVector b10 = a1.lanewise(XOR, d1).lanewise(ROL, 1L);
      LongVector b20 = a2.lanewise(XOR, d2).lanewise(ROL, 62L);
      LongVector b5 = a3.lanewise(XOR, d3).lanewise(ROL, 28L);
      LongVector b15 = a4.lanewise(XOR, d4).lanewise(ROL, 27L);
      LongVector b16 = a5.lanewise(XOR, d0).lanewise(ROL, 36L);
      LongVector b1 = a6.lanewise(XOR, d1).lanewise(ROL, 44L);
      LongVector b11 = a7.lanewise(XOR, d2).lanewise(ROL, 6L);
      LongVector b21 = a8.lanewise(XOR, d3).lanewise(ROL, 55L);
      LongVector b6 = a9.lanewise(XOR, d4).lanewise(ROL, 20L);
      LongVector b7 = a10.lanewise(XOR, d0).lanewise(ROL, 3L);
      LongVector b17 = a11.lanewise(XOR, d1).lanewise(ROL, 10L);
      LongVector b2 = a12.lanewise(XOR, d2).lanewise(ROL, 43L);
      LongVector b12 = a13.lanewise(XOR, d3).lanewise(ROL, 25L);
      LongVector b22 = a14.lanewise(XOR, d4).lanewise(ROL, 39L);
      LongVector b23 = a15.lanewise(XOR, d0).lanewise(ROL, 41L);
      LongVector b8 = a16.lanewise(XOR, d1).lanewise(ROL, 45L);
      LongVector b18 = a17.lanewise(XOR, d2).lanewise(ROL, 15L);
      LongVector b3 = a18.lanewise(XOR, d3).lanewise(ROL, 21L);
      LongVector b13 = a19.lanewise(XOR, d4).lanewise(ROL, 8L);
      LongVector b14 = a20.lanewise(XOR, d0).lanewise(ROL, 18L);
      LongVector b24 = a21.lanewise(XOR, d1).lanewise(ROL, 2L);
      LongVector b9 = a22.lanewise(XOR, d2).lanewise(ROL, 61L);
      LongVector b19 = a23.lanewise(XOR, d3).lanewise(ROL, 56L);
      LongVector b4 = a24.lanewise(XOR, d4).lanewise(ROL, 14L);
      a0 = b0.lanewise(XOR, b2.lanewise(AND_NOT, b1)).lanewise(XOR, ROUNDS[round]);
      a1 = b1.lanewise(XOR, b3.lanewise(AND_NOT, b2));
      a2 = b2.lanewise(XOR, b4.lanewise(AND_NOT, b3));
      a3 = b3.lanewise(XOR, b0.lanewise(AND_NOT, b4));
      a4 = b4.lanewise(XOR, b1.lanewise(AND_NOT, b0));
      a5 = b5.lanewise(XOR, b7.lanewise(AND_NOT, b6));
      a6 = b6.lanewise(XOR, b8.lanewise(AND_NOT, b7));
      a7 = b7.lanewise(XOR, b9.lanewise(AND_NOT, b8));
      a8 = b8.lanewise(XOR, b5.lanewise(AND_NOT, b9));
      a9 = b9.lanewise(XOR, b6.lanewise(AND_NOT, b5));
      a10 = b10.lanewise(XOR, b12.lanewise(AND_NOT, b11));
      a11 = b11.lanewise(XOR, b13.lanewise(AND_NOT, b12));
      a12 = b12.lanewise(XOR, b14.lanewise(AND_NOT, b13));
      a13 = b13.lanewise(XOR, b10.lanewise(AND_NOT, b14));
      a14 = b14.lanewise(XOR, b11.lanewise(AND_NOT, b10));
      a15 = b15.lanewise(XOR, b17.lanewise(AND_NOT, b16));
      a16 = b16.lanewise(XOR, b18.lanewise(AND_NOT, b17));
      a17 = b17.lanewise(XOR, b19.lanewise(AND_NOT, b18));
      a18 = b18.lanewise(XOR, b15.lanewise(AND_NOT, b19));
      a19 = b19.lanewise(XOR, b16.lanewise(AND_NOT, b15));
      a20 = b20.lanewise(XOR, b22.lanewise(AND_NOT, b21));
      a21 = b21.lanewise(XOR, b23.lanewise(AND_NOT, b22));
      a22 = b22.lanewise(XOR, b24.lanewise(AND_NOT, b23));
      a23 = b23.lanewise(XOR, b20.lanewise(AND_NOT, b24));
      a24 = b24.lanewise(XOR, b21.lanewise(AND_NOT, b20));
    }
    a0.intoArray(state, 0 * WIDTH);
    a1.intoArray(state, 1 * WIDTH);
    a2.intoArray(state, 2 * WIDTH);
    a3.intoArray(state, 3 * WIDTH);
    a4.intoArray(state, 4 * WIDTH);
    a5.intoArray(state, 5 * WIDTH);
    a6.intoArray(state, 6 * WIDTH);
    a7.intoArray(state, 7 * WIDTH);
    a8.intoArray(state, 8 * WIDTH);
    a9.intoArray(state, 9 * WIDTH);
    a10.intoArray(state, 10 * WIDTH);
    a11.intoArray(state, 11 * WIDTH);
    a12.intoArray(state, 12 * WIDTH);
    a13.intoArray(state, 13 * WIDTH);
    a14.intoArray(state, 14 * WIDTH);
    a15.intoArray(state, 15 * WIDTH);
    a16.intoArray(state, 16 * WIDTH);
    a17.intoArray(state, 17 * WIDTH);
    a18.intoArray(state, 18 * WIDTH);
    a19.intoArray(state, 19 * WIDTH);
    a20.intoArray(state, 20 * WIDTH);
    a21.intoArray(state, 21 * WIDTH);
    a22.intoArray(state, 22 * WIDTH);
    a23.intoArray(state, 23 * WIDTH);
    a24.intoArray(state, 24 * WIDTH);
  }
}
