package dev.longshore.crypto.kdf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/// scrypt of RFC 7914 with N = 65536, r = 8, p = 1 and a key of 32 bytes.
///
/// Written for a JVM that has just started: small methods that are compiled within milliseconds.
final class Scrypt {
  static final int N = 65536;
  static final int R = 8;
  private static final int SALSA_WORDS = 16;

  /// The words of one block: 2r Salsa blocks.
  private static final int BLOCK_WORDS = 2 * R * SALSA_WORDS;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Scrypt() {}

  /// Derives a key; takes 64 MiB.
  static byte[] deriveKey(byte[] password, byte[] salt) throws GeneralSecurityException {
    byte[] bytes = Pbkdf2.sha256(password, salt, 1, 4 * BLOCK_WORDS);
    int[] block = new int[BLOCK_WORDS];
    for (int i = 0; i < BLOCK_WORDS; i++) {
      block[i] = (int) WORD.get(bytes, 4 * i);
    }
    mixWithMemory(block);
    for (int i = 0; i < BLOCK_WORDS; i++) {
      WORD.set(bytes, 4 * i, block[i]);
    }
    byte[] key = Pbkdf2.sha256(password, bytes, 1, KeyDerivation.KEY_BYTES);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(block, 0);
    return key;
  }

  /// ROMix: fills the memory with successive blocks, then mixes blocks in at places that depend on
  /// the state.
  private static void mixWithMemory(int[] block) {
    int[] memory = new int[N * BLOCK_WORDS];
    int[] x = block;
    int[] y = new int[BLOCK_WORDS];
    for (int i = 0; i < N; i++) {
      System.arraycopy(x, 0, memory, i * BLOCK_WORDS, BLOCK_WORDS);
      mixBlock(x, y);
      int[] swap = x;
      x = y;
      y = swap;
    }
    for (int i = 0; i < N; i++) {
      int place = x[BLOCK_WORDS - SALSA_WORDS] & (N - 1);
      add(x, memory, place * BLOCK_WORDS);
      mixBlock(x, y);
      int[] swap = x;
      x = y;
      y = swap;
    }
    // N is even, so the last swap has made x the caller's block again.
    Arrays.fill(memory, 0);
    Arrays.fill(y, 0);
  }

  private static void add(int[] x, int[] memory, int offset) {
    for (int i = 0; i < BLOCK_WORDS; i++) {
      x[i] ^= memory[offset + i];
    }
  }

  /// BlockMix: each Salsa block depends on the one before; those at even places come out first.
  private static void mixBlock(int[] in, int[] out) {
    int previous = BLOCK_WORDS - SALSA_WORDS;
    int[] from = in;
    for (int i = 0; i < 2 * R; i++) {
      int to = (i / 2 + i % 2 * R) * SALSA_WORDS;
      salsa(from, previous, in, i * SALSA_WORDS, out, to);
      from = out;
      previous = to;
    }
  }

  /// Salsa20/8 of the XOR of two blocks.
  ///
  /// Has many parameters because it is the inner loop.
  private static void salsa(int[] a, int aAt, int[] b, int bAt, int[] out, int to) {
    for (int i = 0; i < SALSA_WORDS; i++) {
      out[to + i] = a[aAt + i] ^ b[bAt + i];
    }
    int x0 = out[to];
    int x1 = out[to + 1];
    int x2 = out[to + 2];
    int x3 = out[to + 3];
    int x4 = out[to + 4];
    int x5 = out[to + 5];
    int x6 = out[to + 6];
    int x7 = out[to + 7];
    int x8 = out[to + 8];
    int x9 = out[to + 9];
    int x10 = out[to + 10];
    int x11 = out[to + 11];
    int x12 = out[to + 12];
    int x13 = out[to + 13];
    int x14 = out[to + 14];
    int x15 = out[to + 15];
    for (int round = 0; round < 8; round += 2) {
      x4 ^= Integer.rotateLeft(x0 + x12, 7);
      x9 ^= Integer.rotateLeft(x5 + x1, 7);
      x14 ^= Integer.rotateLeft(x10 + x6, 7);
      x3 ^= Integer.rotateLeft(x15 + x11, 7);
      x8 ^= Integer.rotateLeft(x4 + x0, 9);
      x13 ^= Integer.rotateLeft(x9 + x5, 9);
      x2 ^= Integer.rotateLeft(x14 + x10, 9);
      x7 ^= Integer.rotateLeft(x3 + x15, 9);
      x12 ^= Integer.rotateLeft(x8 + x4, 13);
      x1 ^= Integer.rotateLeft(x13 + x9, 13);
      x6 ^= Integer.rotateLeft(x2 + x14, 13);
      x11 ^= Integer.rotateLeft(x7 + x3, 13);
      x0 ^= Integer.rotateLeft(x12 + x8, 18);
      x5 ^= Integer.rotateLeft(x1 + x13, 18);
      x10 ^= Integer.rotateLeft(x6 + x2, 18);
      x15 ^= Integer.rotateLeft(x11 + x7, 18);
      x1 ^= Integer.rotateLeft(x0 + x3, 7);
      x6 ^= Integer.rotateLeft(x5 + x4, 7);
      x11 ^= Integer.rotateLeft(x10 + x9, 7);
      x12 ^= Integer.rotateLeft(x15 + x14, 7);
      x2 ^= Integer.rotateLeft(x1 + x0, 9);
      x7 ^= Integer.rotateLeft(x6 + x5, 9);
      x8 ^= Integer.rotateLeft(x11 + x10, 9);
      x13 ^= Integer.rotateLeft(x12 + x15, 9);
      x3 ^= Integer.rotateLeft(x2 + x1, 13);
      x4 ^= Integer.rotateLeft(x7 + x6, 13);
      x9 ^= Integer.rotateLeft(x8 + x11, 13);
      x14 ^= Integer.rotateLeft(x13 + x12, 13);
      x0 ^= Integer.rotateLeft(x3 + x2, 18);
      x5 ^= Integer.rotateLeft(x4 + x7, 18);
      x10 ^= Integer.rotateLeft(x9 + x8, 18);
      x15 ^= Integer.rotateLeft(x14 + x13, 18);
    }
    out[to] += x0;
    out[to + 1] += x1;
    out[to + 2] += x2;
    out[to + 3] += x3;
    out[to + 4] += x4;
    out[to + 5] += x5;
    out[to + 6] += x6;
    out[to + 7] += x7;
    out[to + 8] += x8;
    out[to + 9] += x9;
    out[to + 10] += x10;
    out[to + 11] += x11;
    out[to + 12] += x12;
    out[to + 13] += x13;
    out[to + 14] += x14;
    out[to + 15] += x15;
  }
}
