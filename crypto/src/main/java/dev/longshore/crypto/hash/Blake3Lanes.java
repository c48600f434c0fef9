package dev.longshore.crypto.hash;

import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// BLAKE3 of as many chunks at once as a vector has lanes; used by one thread.
///
/// All arrays that vectors are loaded from are word-major: the same word of all lanes lies
/// together.
final class Blake3Lanes {
  private static final VectorSpecies<Integer> LANES = IntVector.SPECIES_PREFERRED;
  private static final int WIDTH = LANES.length();

  private static final int MAX_CHUNKS = 256;

  /// The smallest and the largest subtree taken, in bytes; powers of two.
  static final int MIN_BYTES = 16 * Blake3.CHUNK_BYTES;

  static final int MAX_BYTES = MAX_CHUNKS * Blake3.CHUNK_BYTES;

  private static final int BLOCKS = Blake3.CHUNK_BYTES / Blake3.BLOCK_BYTES;
  private static final int WORDS = 16;
  private static final int ROUNDS = 7;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /// Where the message words of each round are.
  private static final int[] ORDER = order();

  private final int mode;

  /// The messages of one block after the other.
  private final int[] messages = new int[BLOCKS * WORDS * WIDTH];

  private final int[] counters = new int[WIDTH];
  private final int[] start = new int[8 * WIDTH];
  private final int[] state = new int[8 * WIDTH];

  /// The chaining values of up to 256 nodes, word-major.
  private final int[] nodes = new int[8 * MAX_CHUNKS];

  Blake3Lanes(int[] key, int mode) {
    this.mode = mode;
    for (int i = 0; i < start.length; i++) {
      start[i] = key[i / WIDTH];
    }
  }

  /// Hashes a subtree of `chunks` whole chunks, a power of two, down to its two topmost children.
  void children(byte[] data, int offset, int chunks, int firstChunk, int[] pair) {
    for (int i = 0; i < chunks; i += WIDTH) {
      chunks(data, offset + i * Blake3.CHUNK_BYTES, firstChunk + i);
      save(i);
    }
    for (int count = chunks / 2; count > 1; count /= 2) {
      for (int i = 0; i < count; i += WIDTH) {
        parents(i);
      }
    }
    for (int word = 0; word < 8; word++) {
      pair[word] = nodes[word * MAX_CHUNKS];
      pair[word + 8] = nodes[word * MAX_CHUNKS + 1];
    }
  }

  private void chunks(byte[] data, int offset, int firstChunk) {
    for (int lane = 0; lane < WIDTH; lane++) {
      counters[lane] = firstChunk + lane;
      transpose(data, offset + lane * Blake3.CHUNK_BYTES, lane);
    }
    System.arraycopy(start, 0, state, 0, start.length);
    for (int block = 0; block < BLOCKS; block++) {
      int flags = mode;
      flags |= block == 0 ? Blake3.CHUNK_START : 0;
      flags |= block == BLOCKS - 1 ? Blake3.CHUNK_END : 0;
      compress(state, counters, messages, block * WORDS * WIDTH, flags);
    }
  }

  /// Spreads the words of one chunk over its lane.
  private void transpose(byte[] data, int offset, int lane) {
    int[] m = messages;
    int at = lane;
    for (int i = 0; i < Blake3.CHUNK_BYTES; i += 8) {
      long words = (long) LONG.get(data, offset + i);
      m[at] = (int) words;
      m[at + WIDTH] = (int) (words >>> 32);
      at += 2 * WIDTH;
    }
  }

  /// Replaces the nodes 2i, 2i + 1, … by their parents i, i + 1, …; lanes too many do no harm.
  private void parents(int first) {
    for (int word = 0; word < 8; word++) {
      int from = word * MAX_CHUNKS + 2 * first;
      for (int lane = 0; lane < WIDTH; lane++) {
        messages[word * WIDTH + lane] = nodes[from + 2 * lane];
        messages[(word + 8) * WIDTH + lane] = nodes[from + 2 * lane + 1];
      }
    }
    Arrays.fill(counters, 0);
    System.arraycopy(start, 0, state, 0, start.length);
    compress(state, counters, messages, 0, mode | Blake3.PARENT);
    save(first);
  }

  private void save(int first) {
    for (int word = 0; word < 8; word++) {
      System.arraycopy(state, word * WIDTH, nodes, word * MAX_CHUNKS + first, WIDTH);
    }
  }

  /// Mixes one message per lane into the chaining values.
  ///
  /// Longer than a method should be: vectors are boxed as soon as they cross a call that is not
  /// inlined, and a call to a method of ours is not inlined in one of this size.
  private static void compress(int[] state, int[] counters, int[] m, int at, int flags) {
    IntVector v0 = IntVector.fromArray(LANES, state, 0);
    IntVector v1 = IntVector.fromArray(LANES, state, 1 * WIDTH);
    IntVector v2 = IntVector.fromArray(LANES, state, 2 * WIDTH);
    IntVector v3 = IntVector.fromArray(LANES, state, 3 * WIDTH);
    IntVector v4 = IntVector.fromArray(LANES, state, 4 * WIDTH);
    IntVector v5 = IntVector.fromArray(LANES, state, 5 * WIDTH);
    IntVector v6 = IntVector.fromArray(LANES, state, 6 * WIDTH);
    IntVector v7 = IntVector.fromArray(LANES, state, 7 * WIDTH);
    IntVector v8 = IntVector.broadcast(LANES, Blake3.IV[0]);
    IntVector v9 = IntVector.broadcast(LANES, Blake3.IV[1]);
    IntVector v10 = IntVector.broadcast(LANES, Blake3.IV[2]);
    IntVector v11 = IntVector.broadcast(LANES, Blake3.IV[3]);
    IntVector v12 = IntVector.fromArray(LANES, counters, 0);
    IntVector v13 = IntVector.zero(LANES);
    IntVector v14 = IntVector.broadcast(LANES, Blake3.BLOCK_BYTES);
    IntVector v15 = IntVector.broadcast(LANES, flags);
    int[] order = ORDER;
    for (int r = 0; r < ROUNDS * WORDS; r += WORDS) {
      v0 = v0.add(IntVector.fromArray(LANES, m, at + order[r + 0])).add(v4);
      v1 = v1.add(IntVector.fromArray(LANES, m, at + order[r + 2])).add(v5);
      v2 = v2.add(IntVector.fromArray(LANES, m, at + order[r + 4])).add(v6);
      v3 = v3.add(IntVector.fromArray(LANES, m, at + order[r + 6])).add(v7);
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 16);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 16);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 16);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 16);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 12);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 12);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 12);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 12);
      v0 = v0.add(IntVector.fromArray(LANES, m, at + order[r + 1])).add(v4);
      v1 = v1.add(IntVector.fromArray(LANES, m, at + order[r + 3])).add(v5);
      v2 = v2.add(IntVector.fromArray(LANES, m, at + order[r + 5])).add(v6);
      v3 = v3.add(IntVector.fromArray(LANES, m, at + order[r + 7])).add(v7);
      v12 = v12.lanewise(XOR, v0).lanewise(ROR, 8);
      v13 = v13.lanewise(XOR, v1).lanewise(ROR, 8);
      v14 = v14.lanewise(XOR, v2).lanewise(ROR, 8);
      v15 = v15.lanewise(XOR, v3).lanewise(ROR, 8);
      v8 = v8.add(v12);
      v9 = v9.add(v13);
      v10 = v10.add(v14);
      v11 = v11.add(v15);
      v4 = v4.lanewise(XOR, v8).lanewise(ROR, 7);
      v5 = v5.lanewise(XOR, v9).lanewise(ROR, 7);
      v6 = v6.lanewise(XOR, v10).lanewise(ROR, 7);
      v7 = v7.lanewise(XOR, v11).lanewise(ROR, 7);
      v0 = v0.add(IntVector.fromArray(LANES, m, at + order[r + 8])).add(v5);
      v1 = v1.add(IntVector.fromArray(LANES, m, at + order[r + 10])).add(v6);
      v2 = v2.add(IntVector.fromArray(LANES, m, at + order[r + 12])).add(v7);
      v3 = v3.add(IntVector.fromArray(LANES, m, at + order[r + 14])).add(v4);
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 16);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 16);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 16);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 16);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 12);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 12);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 12);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 12);
      v0 = v0.add(IntVector.fromArray(LANES, m, at + order[r + 9])).add(v5);
      v1 = v1.add(IntVector.fromArray(LANES, m, at + order[r + 11])).add(v6);
      v2 = v2.add(IntVector.fromArray(LANES, m, at + order[r + 13])).add(v7);
      v3 = v3.add(IntVector.fromArray(LANES, m, at + order[r + 15])).add(v4);
      v15 = v15.lanewise(XOR, v0).lanewise(ROR, 8);
      v12 = v12.lanewise(XOR, v1).lanewise(ROR, 8);
      v13 = v13.lanewise(XOR, v2).lanewise(ROR, 8);
      v14 = v14.lanewise(XOR, v3).lanewise(ROR, 8);
      v10 = v10.add(v15);
      v11 = v11.add(v12);
      v8 = v8.add(v13);
      v9 = v9.add(v14);
      v5 = v5.lanewise(XOR, v10).lanewise(ROR, 7);
      v6 = v6.lanewise(XOR, v11).lanewise(ROR, 7);
      v7 = v7.lanewise(XOR, v8).lanewise(ROR, 7);
      v4 = v4.lanewise(XOR, v9).lanewise(ROR, 7);
    }
    v0.lanewise(XOR, v8).intoArray(state, 0);
    v1.lanewise(XOR, v9).intoArray(state, 1 * WIDTH);
    v2.lanewise(XOR, v10).intoArray(state, 2 * WIDTH);
    v3.lanewise(XOR, v11).intoArray(state, 3 * WIDTH);
    v4.lanewise(XOR, v12).intoArray(state, 4 * WIDTH);
    v5.lanewise(XOR, v13).intoArray(state, 5 * WIDTH);
    v6.lanewise(XOR, v14).intoArray(state, 6 * WIDTH);
    v7.lanewise(XOR, v15).intoArray(state, 7 * WIDTH);
  }

  private static int[] order() {
    int[] permutation = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};
    int[] order = new int[ROUNDS * WORDS];
    for (int i = 0; i < order.length; i++) {
      order[i] = i < WORDS ? i * WIDTH : order[i - i % WORDS - WORDS + permutation[i % WORDS]];
    }
    return order;
  }
}
