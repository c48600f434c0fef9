package dev.longshore.crypto.hash;

import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.util.Arrays;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// Blake2b of four contents side by side; used by one thread.
///
/// All arrays that vectors are loaded from are word-major: the same word of all lanes lies
/// together.
final class Blake2bLanes extends HashLanes {
  private static final VectorSpecies<Long> LANES = LongVector.SPECIES_256;
  private static final int WIDTH = LANES.length();
  private static final int WORDS = 16;
  private static final int ROUNDS = 12;

  /// Where the message words of each round are.
  private static final int[] ORDER = order();

  private final Blake2b alone;
  private final int size;
  private final long[] state = new long[8 * WIDTH];
  private final long[] messages = new long[WORDS * WIDTH];
  private final long[] counters = new long[WIDTH];
  private final long[] last = new long[WIDTH];
  private final long[] chain = new long[8];
  private final byte[] tail = new byte[Blake2b.BLOCK_BYTES];

  /// @param alone the scalar twin, not shared
  /// @param size the length of a hash in bytes
  Blake2bLanes(Blake2b alone, int size) {
    super(WIDTH, Blake2b.BLOCK_BYTES, WIDTH / 3 + 1, true);
    this.alone = alone;
    this.size = size;
  }

  @Override
  void restart(int lane) {
    for (int i = 0; i < 8; i++) {
      state[i * WIDTH + lane] = alone.afterKey(i);
    }
  }

  @Override
  void load(int lane, byte[] data, int offset, long counter) {
    for (int i = 0; i < WORDS; i++) {
      messages[i * WIDTH + lane] = Blake2b.word(data, offset, i);
    }
    counters[lane] = counter;
    last[lane] = 0;
  }

  @Override
  void loadLast(int lane, byte[] data, int offset, int length, long counter) {
    Arrays.fill(tail, (byte) 0);
    System.arraycopy(data, offset, tail, 0, length);
    load(lane, tail, 0, counter);
    last[lane] = -1;
  }

  @Override
  void step() {
    compress(state, counters, last, messages);
  }

  @Override
  void writeHash(int lane, HashJob job) {
    Blake2b.write(chainOf(lane), job.out(), job.outOffset(), size);
  }

  @Override
  void finishAlone(int lane, HashJob job, int done) {
    alone.finish(chainOf(lane), job, done, size);
  }

  @Override
  void hashAlone(HashJob job) {
    alone.hash(job.data(), job.offset(), job.length(), job.out(), job.outOffset(), size);
  }

  private long[] chainOf(int lane) {
    for (int i = 0; i < 8; i++) {
      chain[i] = state[i * WIDTH + lane];
    }
    return chain;
  }

  /// Mixes one message per lane into the chaining values.
  ///
  /// Longer than a method should be: vectors are boxed as soon as they cross a call that is not
  /// inlined, and a call to a method of ours is not inlined in one of this size.
  private static void compress(long[] state, long[] counters, long[] last, long[] m) {
    LongVector v0 = LongVector.fromArray(LANES, state, 0);
    LongVector v1 = LongVector.fromArray(LANES, state, 1 * WIDTH);
    LongVector v2 = LongVector.fromArray(LANES, state, 2 * WIDTH);
    LongVector v3 = LongVector.fromArray(LANES, state, 3 * WIDTH);
    LongVector v4 = LongVector.fromArray(LANES, state, 4 * WIDTH);
    LongVector v5 = LongVector.fromArray(LANES, state, 5 * WIDTH);
    LongVector v6 = LongVector.fromArray(LANES, state, 6 * WIDTH);
    LongVector v7 = LongVector.fromArray(LANES, state, 7 * WIDTH);
    LongVector v8 = LongVector.broadcast(LANES, Blake2b.IV[0]);
    LongVector v9 = LongVector.broadcast(LANES, Blake2b.IV[1]);
    LongVector v10 = LongVector.broadcast(LANES, Blake2b.IV[2]);
    LongVector v11 = LongVector.broadcast(LANES, Blake2b.IV[3]);
    LongVector v12 = LongVector.broadcast(LANES, Blake2b.IV[4]);
    LongVector v13 = LongVector.broadcast(LANES, Blake2b.IV[5]);
    LongVector v14 = LongVector.broadcast(LANES, Blake2b.IV[6]);
    LongVector v15 = LongVector.broadcast(LANES, Blake2b.IV[7]);
    v12 = v12.lanewise(XOR, LongVector.fromArray(LANES, counters, 0));
    v14 = v14.lanewise(XOR, LongVector.fromArray(LANES, last, 0));
    int[] order = ORDER;
    for (int r = 0; r < ROUNDS * WORDS; r += WORDS) {
      v0 = v0.add(LongVector.fromArray(LANES, m, order[r + 0])).add(v4);
      v1 = v1.add(LongVector.fromArray(LANES, m, order[r + 2])).add(v5);
      v2 = v2.add(LongVector.fromArray(LANES, m, order[r + 4])).add(v6);
      v3 = v3.add(LongVector.fromArray(LANES, m, order[r + 6])).add(v7);
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 32L);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 32L);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 32L);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 32L);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 24L);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 24L);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 24L);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 24L);
      v0 = v0.add(LongVector.fromArray(LANES, m, order[r + 1])).add(v4);
      v1 = v1.add(LongVector.fromArray(LANES, m, order[r + 3])).add(v5);
      v2 = v2.add(LongVector.fromArray(LANES, m, order[r + 5])).add(v6);
      v3 = v3.add(LongVector.fromArray(LANES, m, order[r + 7])).add(v7);
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 16L);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 16L);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 16L);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 16L);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 63L);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 63L);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 63L);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 63L);
      v0 = v0.add(LongVector.fromArray(LANES, m, order[r + 8])).add(v5);
      v1 = v1.add(LongVector.fromArray(LANES, m, order[r + 10])).add(v6);
      v2 = v2.add(LongVector.fromArray(LANES, m, order[r + 12])).add(v7);
      v3 = v3.add(LongVector.fromArray(LANES, m, order[r + 14])).add(v4);
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 32L);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 32L);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 32L);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 32L);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 24L);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 24L);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 24L);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 24L);
      v0 = v0.add(LongVector.fromArray(LANES, m, order[r + 9])).add(v5);
      v1 = v1.add(LongVector.fromArray(LANES, m, order[r + 11])).add(v6);
      v2 = v2.add(LongVector.fromArray(LANES, m, order[r + 13])).add(v7);
      v3 = v3.add(LongVector.fromArray(LANES, m, order[r + 15])).add(v4);
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 16L);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 16L);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 16L);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 16L);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 63L);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 63L);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 63L);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 63L);
    }
    LongVector.fromArray(LANES, state, 0).lanewise(XOR, v0).lanewise(XOR, v8).intoArray(state, 0);
    LongVector.fromArray(LANES, state, 1 * WIDTH)
        .lanewise(XOR, v1)
        .lanewise(XOR, v9)
        .intoArray(state, 1 * WIDTH);
    LongVector.fromArray(LANES, state, 2 * WIDTH)
        .lanewise(XOR, v2)
        .lanewise(XOR, v10)
        .intoArray(state, 2 * WIDTH);
    LongVector.fromArray(LANES, state, 3 * WIDTH)
        .lanewise(XOR, v3)
        .lanewise(XOR, v11)
        .intoArray(state, 3 * WIDTH);
    LongVector.fromArray(LANES, state, 4 * WIDTH)
        .lanewise(XOR, v4)
        .lanewise(XOR, v12)
        .intoArray(state, 4 * WIDTH);
    LongVector.fromArray(LANES, state, 5 * WIDTH)
        .lanewise(XOR, v5)
        .lanewise(XOR, v13)
        .intoArray(state, 5 * WIDTH);
    LongVector.fromArray(LANES, state, 6 * WIDTH)
        .lanewise(XOR, v6)
        .lanewise(XOR, v14)
        .intoArray(state, 6 * WIDTH);
    LongVector.fromArray(LANES, state, 7 * WIDTH)
        .lanewise(XOR, v7)
        .lanewise(XOR, v15)
        .intoArray(state, 7 * WIDTH);
  }

  private static int[] order() {
    int[] order = new int[ROUNDS * WORDS];
    for (int i = 0; i < order.length; i++) {
      order[i] = Blake2Sigma.word(i / WORDS, i % WORDS) * WIDTH;
    }
    return order;
  }
}
