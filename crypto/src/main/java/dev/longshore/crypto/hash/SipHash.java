package dev.longshore.crypto.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SipHash-2-4: a keyed hash of 64 bits that takes half a microsecond for a kibibyte.
///
/// Who does not know the key cannot find a hash, nor change bytes so that theirs stays. It tells
/// own local data from others' and from damage; it is too short to name anything. Thread-safe.
///
/// Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
public final class SipHash {
  /// The length of a key.
  public static final int KEY_BYTES = 16;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final long k0;
  private final long k1;

  /// @param key [#KEY_BYTES] bytes; not kept
  public SipHash(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("key of " + key.length + " bytes");
    }
    this.k0 = (long) WORDS.get(key, 0);
    this.k1 = (long) WORDS.get(key, Long.BYTES);
  }

  /// The hash of a range of an array.
  // The four words stay in registers, so the rounds are written out.
  public long hash(byte[] bytes, int offset, int length) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int whole = length & -Long.BYTES;
    for (int i = 0; i <= whole; i += Long.BYTES) {
      long word = i < whole ? (long) WORDS.get(bytes, offset + i) : last(bytes, offset, length);
      v3 ^= word;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    v2 ^= 0xff;
    for (int round = 0; round < 4; round++) {
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long last(byte[] bytes, int offset, int length) {
    long word = (long) length << 56;
    for (int i = length & -Long.BYTES, shift = 0; i < length; i++, shift += 8) {
      word |= (bytes[offset + i] & 0xffL) << shift;
    }
    return word;
  }
}
