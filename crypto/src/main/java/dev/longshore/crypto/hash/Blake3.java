package dev.longshore.crypto.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// BLAKE3 of one content at a time, with a digest of at most 32 bytes; used by one thread.
///
/// A content is a binary tree over chunks of 1024 bytes, in which a left child is the largest power
/// of two of chunks that leaves something for the right. Whole subtrees of 2^n chunks can be hashed
/// with vectors, many chunks at once.
final class Blake3 implements Digester {
  static final int KEY_BYTES = 32;
  static final int CHUNK_BYTES = 1024;
  static final int BLOCK_BYTES = 64;
  static final int CHUNK_START = 1;
  static final int CHUNK_END = 2;
  static final int PARENT = 4;
  private static final int ROOT = 8;
  private static final int KEYED_HASH = 16;
  private static final int DERIVE_KEY_CONTEXT = 32;
  private static final int DERIVE_KEY_MATERIAL = 64;

  private static final int MAX_DEPTH = 32;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  static final int[] IV = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };

  private final int[] key;
  private final int mode;
  private final VectorTrial trial;
  private @Nullable Blake3Lanes lanes;

  /// The trial decides on whole pieces, not on the subtrees inside them.
  private boolean insideScalarPiece;

  private final int[] v = new int[16];
  private final int[] m = new int[16];
  private final int[] chain = new int[8];
  private final byte[] tail = new byte[BLOCK_BYTES];

  /// By depth in the tree: the chaining values of two children, which are their parent's message.
  private final int[][] pairs = new int[MAX_DEPTH][16];

  private Blake3(int[] key, int mode, VectorTrial trial) {
    this.key = key;
    this.mode = mode;
    this.trial = trial;
  }

  /// The keyed hash.
  ///
  /// @param key 32 bytes
  static Blake3 keyed(byte[] key, VectorTrial trial) {
    return new Blake3(words(key), KEYED_HASH, trial);
  }

  /// Makes a 32-byte key from key material of any length.
  static byte[] deriveKey(String context, byte[] material) {
    VectorTrial scalar = VectorTrial.neverVector();
    byte[] name = context.getBytes(StandardCharsets.US_ASCII);
    byte[] derived = new byte[KEY_BYTES];
    new Blake3(IV, DERIVE_KEY_CONTEXT, scalar).hash(name, 0, name.length, derived, 0, KEY_BYTES);
    new Blake3(words(derived), DERIVE_KEY_MATERIAL, scalar)
        .hash(material, 0, material.length, derived, 0, KEY_BYTES);
    return derived;
  }

  @Override
  public void hash(byte[] data, int offset, int length, byte[] out, int outOffset, int size) {
    if (length <= CHUNK_BYTES) {
      chunk(data, offset, length, 0, ROOT);
    } else {
      children(0, data, offset, length, 0);
      parent(pairs[0], ROOT);
    }
    for (int i = 0; i < size; i++) {
      out[outOffset + i] = (byte) (chain[i / 4] >>> (8 * (i % 4)));
    }
  }

  /// Hashes the children of a node of more than one chunk into the pair of this depth.
  private void children(int depth, byte[] data, int offset, int length, int firstChunk) {
    boolean whole = Integer.bitCount(length) == 1 && length >= Blake3Lanes.MIN_BYTES;
    if (!whole || length > Blake3Lanes.MAX_BYTES || insideScalarPiece) {
      scalarChildren(depth, data, offset, length, firstChunk);
      return;
    }
    boolean vector = trial.choosesVector(length);
    long start = trial.start();
    if (vector) {
      lanes().children(data, offset, length / CHUNK_BYTES, firstChunk, pairs[depth]);
    } else {
      insideScalarPiece = true;
      scalarChildren(depth, data, offset, length, firstChunk);
      insideScalarPiece = false;
    }
    trial.finish(vector, length, start);
  }

  /// Made when first needed, since that loads the Vector API.
  private Blake3Lanes lanes() {
    Blake3Lanes made = lanes;
    if (made == null) {
      made = new Blake3Lanes(key, mode);
      lanes = made;
    }
    return made;
  }

  private void scalarChildren(int depth, byte[] data, int offset, int length, int firstChunk) {
    int leftChunks = Integer.highestOneBit((length - 1) / CHUNK_BYTES);
    int left = leftChunks * CHUNK_BYTES;
    node(depth, data, offset, left, firstChunk);
    System.arraycopy(chain, 0, pairs[depth], 0, 8);
    node(depth, data, offset + left, length - left, firstChunk + leftChunks);
    System.arraycopy(chain, 0, pairs[depth], 8, 8);
  }

  private void node(int depth, byte[] data, int offset, int length, int firstChunk) {
    if (length <= CHUNK_BYTES) {
      chunk(data, offset, length, firstChunk, 0);
    } else {
      children(depth + 1, data, offset, length, firstChunk);
      parent(pairs[depth + 1], 0);
    }
  }

  private void chunk(byte[] data, int offset, int length, int number, int lastFlags) {
    System.arraycopy(key, 0, chain, 0, 8);
    int last = length == 0 ? 0 : (length - 1) / BLOCK_BYTES * BLOCK_BYTES;
    int flags = mode | CHUNK_START;
    for (int i = 0; i < last; i += BLOCK_BYTES) {
      load(data, offset + i);
      compress(m, number, BLOCK_BYTES, flags);
      flags = mode;
    }
    Arrays.fill(tail, (byte) 0);
    System.arraycopy(data, offset + last, tail, 0, length - last);
    load(tail, 0);
    compress(m, number, length - last, flags | CHUNK_END | lastFlags);
  }

  private void parent(int[] pair, int flags) {
    System.arraycopy(key, 0, chain, 0, 8);
    compress(pair, 0, BLOCK_BYTES, mode | PARENT | flags);
  }

  private void load(byte[] data, int offset) {
    for (int i = 0; i < 16; i++) {
      m[i] = (int) WORD.get(data, offset + 4 * i);
    }
  }

  /// Mixes a message into the chaining value. A content has fewer than 2^31 chunks, so the upper
  /// half of the counter is zero.
  private void compress(int[] message, int counter, int blockBytes, int flags) {
    System.arraycopy(chain, 0, v, 0, 8);
    System.arraycopy(IV, 0, v, 8, 4);
    v[12] = counter;
    v[13] = 0;
    v[14] = blockBytes;
    v[15] = flags;
    Blake3Rounds.mix(v, message);
    for (int i = 0; i < 8; i++) {
      chain[i] = v[i] ^ v[i + 8];
    }
  }

  private static int[] words(byte[] bytes) {
    int[] words = new int[KEY_BYTES / 4];
    for (int i = 0; i < words.length; i++) {
      words[i] = (int) WORD.get(bytes, 4 * i);
    }
    return words;
  }
}
