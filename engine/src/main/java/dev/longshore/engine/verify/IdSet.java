package dev.longshore.engine.verify;

import dev.longshore.format.id.ContentId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A set of content ids in 24 to 48 bytes each: 128 bits of the hash stand for the id. The hash is
/// keyed, so that two ids agree in them by chance only, which does not happen.
///
/// One with a bound does not grow beyond it: when it is full, it keeps what it has and forgets what
/// comes, so that it serves to save work, not to count. Thread-safe.
final class IdSet {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FIRST_SLOTS = 1 << 10;

  /// Two words a slot; both 0 if it is free.
  private long[] words = new long[2 * FIRST_SLOTS];

  private final long maxBytes;
  private int size;

  /// A set without a bound, to count with.
  IdSet() {
    this(Long.MAX_VALUE);
  }

  /// A set with a bound.
  ///
  /// @param maxBytes of memory; while it grows it takes half as much again
  IdSet(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Adds an id if there is room; false if it was there.
  boolean add(ContentId id, int mark) {
    long high = high(id) ^ mark;
    long low = low(id);
    synchronized (this) {
      if (size >= words.length / 3 && !grow()) {
        int at = find(words, high, low);
        return words[at + 1] == 0;
      }
      if (!put(words, high, low)) {
        return false;
      }
      size++;
      return true;
    }
  }

  /// Tells whether an id is there.
  boolean contains(ContentId id, int mark) {
    long high = high(id) ^ mark;
    long low = low(id);
    synchronized (this) {
      int at = find(words, high, low);
      return words[at] != 0 || words[at + 1] != 0;
    }
  }

  private static long high(ContentId id) {
    return (long) LONG.get(key(id), 0) ^ ((long) id.prefix() << 56);
  }

  /// Never 0, which marks a free slot.
  private static long low(ContentId id) {
    long low = (long) LONG.get(key(id), 8);
    return low == 0 ? 1 : low;
  }

  /// The end of the hash, zeros before one that is shorter.
  private static byte[] key(ContentId id) {
    byte[] hash = id.hash();
    byte[] key = new byte[16];
    int n = Math.min(hash.length, key.length);
    System.arraycopy(hash, hash.length - n, key, key.length - n, n);
    return key;
  }

  private static boolean put(long[] words, long high, long low) {
    int at = find(words, high, low);
    if (words[at + 1] != 0) {
      return false;
    }
    words[at] = high;
    words[at + 1] = low;
    return true;
  }

  /// The slot that has the words, or is free for them.
  private static int find(long[] words, long high, long low) {
    int mask = words.length - 1;
    int at = (int) (high ^ (low >>> 32)) << 1 & mask;
    while (words[at + 1] != 0 && (words[at] != high || words[at + 1] != low)) {
      at = at + 2 & mask;
    }
    return at;
  }

  private boolean grow() {
    if (2L * Long.BYTES * words.length > maxBytes) {
      return false;
    }
    if (words.length == 1 << 30) {
      throw new IllegalStateException("more than " + size + " ids");
    }
    long[] larger = new long[2 * words.length];
    for (int i = 0; i < words.length; i += 2) {
      if (words[i + 1] != 0) {
        put(larger, words[i], words[i + 1]);
      }
    }
    words = larger;
    return true;
  }
}
