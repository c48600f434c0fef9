package dev.longshore.crypto.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// BLAKE2b of RFC 7693 with a key, one content at a time; used by one thread.
///
/// The rounds are written out, in methods that the compiler still takes as a whole: the mixing
/// steps are inlined with constant indexes, so the state lives in registers.
final class Blake2b implements Digester {
  static final int BLOCK_BYTES = 128;

  private static final int WORD_BYTES = 8;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final long[] IV = {
    0x6a09e667f3bcc908L, 0xbb67ae8584caa73bL, 0x3c6ef372fe94f82bL, 0xa54ff53a5f1d36f1L,
    0x510e527fade682d1L, 0x9b05688c2b3e6c1fL, 0x1f83d9abfb41bd6bL, 0x5be0cd19137e2179L
  };

  private final byte[] keyBlock = new byte[BLOCK_BYTES];
  private final long[] start = IV.clone();
  private final long[] afterKey;

  private final long[] h = new long[8];
  private final long[] v = new long[16];
  private final long[] m = new long[16];
  private final byte[] tail = new byte[BLOCK_BYTES];

  /// @param key 1..64 bytes
  /// @param digestBytes the length that enters the hash, before any cutting
  Blake2b(byte[] key, int digestBytes) {
    System.arraycopy(key, 0, keyBlock, 0, key.length);
    start[0] ^= 0x01010000 ^ (key.length << 8) ^ digestBytes;
    System.arraycopy(start, 0, h, 0, h.length);
    compress(keyBlock, 0, BLOCK_BYTES, false);
    afterKey = h.clone();
  }

  @Override
  public void hash(byte[] data, int offset, int length, byte[] out, int outOffset, int size) {
    if (length == 0) {
      System.arraycopy(start, 0, h, 0, h.length);
      compress(keyBlock, 0, BLOCK_BYTES, true);
    } else {
      System.arraycopy(afterKey, 0, h, 0, h.length);
      absorb(data, offset, length, 0);
    }
    write(h, out, outOffset, size);
  }

  /// Hashes the rest of a content of which `done` bytes, whole blocks, are in `chain`, and writes
  /// the first `size` bytes of its digest.
  void finish(long[] chain, HashJob job, int done, int size) {
    System.arraycopy(chain, 0, h, 0, h.length);
    absorb(job.data(), job.offset(), job.length(), done);
    write(h, job.out(), job.outOffset(), size);
  }

  /// A word of the state behind the key block.
  long afterKey(int word) {
    return afterKey[word];
  }

  /// A word of the message at `offset`.
  static long word(byte[] data, int offset, int word) {
    return (long) WORD.get(data, offset + word * WORD_BYTES);
  }

  /// Writes the first `size` bytes of a digest.
  static void write(long[] chain, byte[] out, int outOffset, int size) {
    for (int i = 0; i < size; i++) {
      out[outOffset + i] = (byte) (chain[i / WORD_BYTES] >>> (8 * (i % WORD_BYTES)));
    }
  }

  /// Compresses the bytes from `done`, fewer than all, to the last.
  private void absorb(byte[] data, int offset, int length, int done) {
    int last = (length - 1) / BLOCK_BYTES * BLOCK_BYTES;
    for (int i = done; i < last; i += BLOCK_BYTES) {
      compress(data, offset + i, 2L * BLOCK_BYTES + i, false);
    }
    Arrays.fill(tail, (byte) 0);
    System.arraycopy(data, offset + last, tail, 0, length - last);
    compress(tail, 0, (long) BLOCK_BYTES + length, true);
  }

  private void compress(byte[] data, int offset, long counter, boolean last) {
    for (int i = 0; i < 16; i++) {
      m[i] = word(data, offset, i);
    }
    for (int i = 0; i < 8; i++) {
      v[i] = h[i];
      v[i + 8] = IV[i];
    }
    v[12] ^= counter;
    v[14] = last ? ~v[14] : v[14];
    rounds0To3(v, m);
    rounds4To7(v, m);
    rounds8To11(v, m);
    for (int i = 0; i < 8; i++) {
      h[i] ^= v[i] ^ v[i + 8];
    }
  }

  private static void rounds0To3(long[] state, long[] m) {
    long[] v = copy(state);
    mix(v, 0, 4, 8, 12, m[0], m[1]);
    mix(v, 1, 5, 9, 13, m[2], m[3]);
    mix(v, 2, 6, 10, 14, m[4], m[5]);
    mix(v, 3, 7, 11, 15, m[6], m[7]);
    mix(v, 0, 5, 10, 15, m[8], m[9]);
    mix(v, 1, 6, 11, 12, m[10], m[11]);
    mix(v, 2, 7, 8, 13, m[12], m[13]);
    mix(v, 3, 4, 9, 14, m[14], m[15]);
    mix(v, 0, 4, 8, 12, m[14], m[10]);
    mix(v, 1, 5, 9, 13, m[4], m[8]);
    mix(v, 2, 6, 10, 14, m[9], m[15]);
    mix(v, 3, 7, 11, 15, m[13], m[6]);
    mix(v, 0, 5, 10, 15, m[1], m[12]);
    mix(v, 1, 6, 11, 12, m[0], m[2]);
    mix(v, 2, 7, 8, 13, m[11], m[7]);
    mix(v, 3, 4, 9, 14, m[5], m[3]);
    mix(v, 0, 4, 8, 12, m[11], m[8]);
    mix(v, 1, 5, 9, 13, m[12], m[0]);
    mix(v, 2, 6, 10, 14, m[5], m[2]);
    mix(v, 3, 7, 11, 15, m[15], m[13]);
    mix(v, 0, 5, 10, 15, m[10], m[14]);
    mix(v, 1, 6, 11, 12, m[3], m[6]);
    mix(v, 2, 7, 8, 13, m[7], m[1]);
    mix(v, 3, 4, 9, 14, m[9], m[4]);
    mix(v, 0, 4, 8, 12, m[7], m[9]);
    mix(v, 1, 5, 9, 13, m[3], m[1]);
    mix(v, 2, 6, 10, 14, m[13], m[12]);
    mix(v, 3, 7, 11, 15, m[11], m[14]);
    mix(v, 0, 5, 10, 15, m[2], m[6]);
    mix(v, 1, 6, 11, 12, m[5], m[10]);
    mix(v, 2, 7, 8, 13, m[4], m[0]);
    mix(v, 3, 4, 9, 14, m[15], m[8]);
    store(v, state);
  }

  private static void rounds4To7(long[] state, long[] m) {
    long[] v = copy(state);
    mix(v, 0, 4, 8, 12, m[9], m[0]);
    mix(v, 1, 5, 9, 13, m[5], m[7]);
    mix(v, 2, 6, 10, 14, m[2], m[4]);
    mix(v, 3, 7, 11, 15, m[10], m[15]);
    mix(v, 0, 5, 10, 15, m[14], m[1]);
    mix(v, 1, 6, 11, 12, m[11], m[12]);
    mix(v, 2, 7, 8, 13, m[6], m[8]);
    mix(v, 3, 4, 9, 14, m[3], m[13]);
    mix(v, 0, 4, 8, 12, m[2], m[12]);
    mix(v, 1, 5, 9, 13, m[6], m[10]);
    mix(v, 2, 6, 10, 14, m[0], m[11]);
    mix(v, 3, 7, 11, 15, m[8], m[3]);
    mix(v, 0, 5, 10, 15, m[4], m[13]);
    mix(v, 1, 6, 11, 12, m[7], m[5]);
    mix(v, 2, 7, 8, 13, m[15], m[14]);
    mix(v, 3, 4, 9, 14, m[1], m[9]);
    mix(v, 0, 4, 8, 12, m[12], m[5]);
    mix(v, 1, 5, 9, 13, m[1], m[15]);
    mix(v, 2, 6, 10, 14, m[14], m[13]);
    mix(v, 3, 7, 11, 15, m[4], m[10]);
    mix(v, 0, 5, 10, 15, m[0], m[7]);
    mix(v, 1, 6, 11, 12, m[6], m[3]);
    mix(v, 2, 7, 8, 13, m[9], m[2]);
    mix(v, 3, 4, 9, 14, m[8], m[11]);
    mix(v, 0, 4, 8, 12, m[13], m[11]);
    mix(v, 1, 5, 9, 13, m[7], m[14]);
    mix(v, 2, 6, 10, 14, m[12], m[1]);
    mix(v, 3, 7, 11, 15, m[3], m[9]);
    mix(v, 0, 5, 10, 15, m[5], m[0]);
    mix(v, 1, 6, 11, 12, m[15], m[4]);
    mix(v, 2, 7, 8, 13, m[8], m[6]);
    mix(v, 3, 4, 9, 14, m[2], m[10]);
    store(v, state);
  }

  private static void rounds8To11(long[] state, long[] m) {
    long[] v = copy(state);
    mix(v, 0, 4, 8, 12, m[6], m[15]);
    mix(v, 1, 5, 9, 13, m[14], m[9]);
    mix(v, 2, 6, 10, 14, m[11], m[3]);
    mix(v, 3, 7, 11, 15, m[0], m[8]);
    mix(v, 0, 5, 10, 15, m[12], m[2]);
    mix(v, 1, 6, 11, 12, m[13], m[7]);
    mix(v, 2, 7, 8, 13, m[1], m[4]);
    mix(v, 3, 4, 9, 14, m[10], m[5]);
    mix(v, 0, 4, 8, 12, m[10], m[2]);
    mix(v, 1, 5, 9, 13, m[8], m[4]);
    mix(v, 2, 6, 10, 14, m[7], m[6]);
    mix(v, 3, 7, 11, 15, m[1], m[5]);
    mix(v, 0, 5, 10, 15, m[15], m[11]);
    mix(v, 1, 6, 11, 12, m[9], m[14]);
    mix(v, 2, 7, 8, 13, m[3], m[12]);
    mix(v, 3, 4, 9, 14, m[13], m[0]);
    mix(v, 0, 4, 8, 12, m[0], m[1]);
    mix(v, 1, 5, 9, 13, m[2], m[3]);
    mix(v, 2, 6, 10, 14, m[4], m[5]);
    mix(v, 3, 7, 11, 15, m[6], m[7]);
    mix(v, 0, 5, 10, 15, m[8], m[9]);
    mix(v, 1, 6, 11, 12, m[10], m[11]);
    mix(v, 2, 7, 8, 13, m[12], m[13]);
    mix(v, 3, 4, 9, 14, m[14], m[15]);
    mix(v, 0, 4, 8, 12, m[14], m[10]);
    mix(v, 1, 5, 9, 13, m[4], m[8]);
    mix(v, 2, 6, 10, 14, m[9], m[15]);
    mix(v, 3, 7, 11, 15, m[13], m[6]);
    mix(v, 0, 5, 10, 15, m[1], m[12]);
    mix(v, 1, 6, 11, 12, m[0], m[2]);
    mix(v, 2, 7, 8, 13, m[11], m[7]);
    mix(v, 3, 4, 9, 14, m[5], m[3]);
    store(v, state);
  }

  /// A constant array that stays in registers: every access has a constant index.
  private static long[] copy(long[] s) {
    return new long[] {
      s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7],
      s[8], s[9], s[10], s[11], s[12], s[13], s[14], s[15]
    };
  }

  private static void store(long[] v, long[] state) {
    state[0] = v[0];
    state[1] = v[1];
    state[2] = v[2];
    state[3] = v[3];
    state[4] = v[4];
    state[5] = v[5];
    state[6] = v[6];
    state[7] = v[7];
    state[8] = v[8];
    state[9] = v[9];
    state[10] = v[10];
    state[11] = v[11];
    state[12] = v[12];
    state[13] = v[13];
    state[14] = v[14];
    state[15] = v[15];
  }

  private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
    long va = v[a];
    long vb = v[b];
    long vc = v[c];
    long vd = v[d];
    va = va + x + vb;
    vd = Long.rotateRight(vd ^ va, 32);
    vc += vd;
    vb = Long.rotateRight(vb ^ vc, 24);
    va = va + y + vb;
    vd = Long.rotateRight(vd ^ va, 16);
    vc += vd;
    vb = Long.rotateRight(vb ^ vc, 63);
    v[a] = va;
    v[b] = vb;
    v[c] = vc;
    v[d] = vd;
  }
}
