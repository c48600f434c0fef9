package dev.longshore.crypto.hash;

/// The seven rounds of BLAKE3 on one block.
///
/// Written out as in [Blake2b], and for the same reason.
final class Blake3Rounds {
  private Blake3Rounds() {}

  /// Mixes the 16 message words into the 16 state words.
  static void mix(int[] state, int[] m) {
    rounds0To3(state, m);
    rounds4To6(state, m);
  }

  private static void rounds0To3(int[] state, int[] m) {
    int[] v = copy(state);
    mix(v, 0, 4, 8, 12, m[0], m[1]);
    mix(v, 1, 5, 9, 13, m[2], m[3]);
    mix(v, 2, 6, 10, 14, m[4], m[5]);
    mix(v, 3, 7, 11, 15, m[6], m[7]);
    mix(v, 0, 5, 10, 15, m[8], m[9]);
    mix(v, 1, 6, 11, 12, m[10], m[11]);
    mix(v, 2, 7, 8, 13, m[12], m[13]);
    mix(v, 3, 4, 9, 14, m[14], m[15]);
    mix(v, 0, 4, 8, 12, m[2], m[6]);
    mix(v, 1, 5, 9, 13, m[3], m[10]);
    mix(v, 2, 6, 10, 14, m[7], m[0]);
    mix(v, 3, 7, 11, 15, m[4], m[13]);
    mix(v, 0, 5, 10, 15, m[1], m[11]);
    mix(v, 1, 6, 11, 12, m[12], m[5]);
    mix(v, 2, 7, 8, 13, m[9], m[14]);
    mix(v, 3, 4, 9, 14, m[15], m[8]);
    mix(v, 0, 4, 8, 12, m[3], m[4]);
    mix(v, 1, 5, 9, 13, m[10], m[12]);
    mix(v, 2, 6, 10, 14, m[13], m[2]);
    mix(v, 3, 7, 11, 15, m[7], m[14]);
    mix(v, 0, 5, 10, 15, m[6], m[5]);
    mix(v, 1, 6, 11, 12, m[9], m[0]);
    mix(v, 2, 7, 8, 13, m[11], m[15]);
    mix(v, 3, 4, 9, 14, m[8], m[1]);
    mix(v, 0, 4, 8, 12, m[10], m[7]);
    mix(v, 1, 5, 9, 13, m[12], m[9]);
    mix(v, 2, 6, 10, 14, m[14], m[3]);
    mix(v, 3, 7, 11, 15, m[13], m[15]);
    mix(v, 0, 5, 10, 15, m[4], m[0]);
    mix(v, 1, 6, 11, 12, m[11], m[2]);
    mix(v, 2, 7, 8, 13, m[5], m[8]);
    mix(v, 3, 4, 9, 14, m[1], m[6]);
    store(v, state);
  }

  private static void rounds4To6(int[] state, int[] m) {
    int[] v = copy(state);
    mix(v, 0, 4, 8, 12, m[12], m[13]);
    mix(v, 1, 5, 9, 13, m[9], m[11]);
    mix(v, 2, 6, 10, 14, m[15], m[10]);
    mix(v, 3, 7, 11, 15, m[14], m[8]);
    mix(v, 0, 5, 10, 15, m[7], m[2]);
    mix(v, 1, 6, 11, 12, m[5], m[3]);
    mix(v, 2, 7, 8, 13, m[0], m[1]);
    mix(v, 3, 4, 9, 14, m[6], m[4]);
    mix(v, 0, 4, 8, 12, m[9], m[14]);
    mix(v, 1, 5, 9, 13, m[11], m[5]);
    mix(v, 2, 6, 10, 14, m[8], m[12]);
    mix(v, 3, 7, 11, 15, m[15], m[1]);
    mix(v, 0, 5, 10, 15, m[13], m[3]);
    mix(v, 1, 6, 11, 12, m[0], m[10]);
    mix(v, 2, 7, 8, 13, m[2], m[6]);
    mix(v, 3, 4, 9, 14, m[4], m[7]);
    mix(v, 0, 4, 8, 12, m[11], m[15]);
    mix(v, 1, 5, 9, 13, m[5], m[0]);
    mix(v, 2, 6, 10, 14, m[1], m[9]);
    mix(v, 3, 7, 11, 15, m[8], m[6]);
    mix(v, 0, 5, 10, 15, m[14], m[10]);
    mix(v, 1, 6, 11, 12, m[2], m[12]);
    mix(v, 2, 7, 8, 13, m[3], m[4]);
    mix(v, 3, 4, 9, 14, m[7], m[13]);
    store(v, state);
  }

  /// A constant array that stays in registers: every access has a constant index.
  private static int[] copy(int[] s) {
    return new int[] {
      s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7],
      s[8], s[9], s[10], s[11], s[12], s[13], s[14], s[15]
    };
  }

  private static void store(int[] v, int[] state) {
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

  private static void mix(int[] v, int a, int b, int c, int d, int x, int y) {
    int va = v[a];
    int vb = v[b];
    int vc = v[c];
    int vd = v[d];
    va = va + x + vb;
    vd = Integer.rotateRight(vd ^ va, 16);
    vc += vd;
    vb = Integer.rotateRight(vb ^ vc, 12);
    va = va + y + vb;
    vd = Integer.rotateRight(vd ^ va, 8);
    vc += vd;
    vb = Integer.rotateRight(vb ^ vc, 7);
    v[a] = va;
    v[b] = vb;
    v[c] = vc;
    v[d] = vd;
  }
}
