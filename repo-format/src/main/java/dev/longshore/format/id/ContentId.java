package dev.longshore.format.id;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// The name of a content: an optional prefix letter `g`..`z` and the keyed hash of its plain bytes.
///
/// Binary form ("key"): one byte prefix (0 for none), then the hash; ids sort by the unsigned order
/// of their keys, which puts unprefixed ids first. Text form: the prefix letter, then lower-case
/// hex.
///
/// Source: content ids, kopia 4ebb2be6c `repo/content/index/id.go`.
public final class ContentId implements Comparable<ContentId> {
  /// The longest hash, in bytes.
  public static final int MAX_HASH_BYTES = 32;

  /// The prefix of an id that has none.
  public static final char NO_PREFIX = 0;

  private static final HexFormat HEX = HexFormat.of();
  private static final VarHandle LONG_IN_ARRAY =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_IN_SEGMENT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final byte[] key;

  private ContentId(byte[] key) {
    this.key = key;
  }

  /// Makes an id from a prefix and a hash; the bytes are copied.
  ///
  /// @param prefix [#NO_PREFIX] or `g`..`z`
  /// @throws IllegalArgumentException on another prefix, or a hash of 0 or more than 32 bytes
  public static ContentId of(char prefix, byte[] hash) {
    return of(prefix, hash, 0, hash.length);
  }

  /// As [#of(char, byte[])], for a hash inside a larger array.
  public static ContentId of(char prefix, byte[] hash, int offset, int length) {
    if (!isPrefix(prefix) || length < 1 || length > MAX_HASH_BYTES) {
      throw new IllegalArgumentException("content id with prefix " + (int) prefix + ", " + length);
    }
    byte[] key = new byte[length + 1];
    key[0] = (byte) prefix;
    System.arraycopy(hash, offset, key, 1, length);
    return new ContentId(key);
  }

  /// Reads the binary form; the bytes are copied.
  ///
  /// @throws IllegalArgumentException if they are not a key
  public static ContentId ofKey(byte[] key, int offset, int length) {
    return of((char) (key[offset] & 0xff), key, offset + 1, length - 1);
  }

  /// Reads the text form; empty if it is not an id.
  public static Optional<ContentId> parse(String text) {
    int start = text.length() & 1;
    char prefix = start == 1 ? text.charAt(0) : NO_PREFIX;
    int digits = text.length() - start;
    if (!isPrefix(prefix) || (start == 1 && prefix == NO_PREFIX)) {
      return Optional.empty();
    }
    if (digits < 2 || digits > 2 * MAX_HASH_BYTES) {
      return Optional.empty();
    }
    for (int i = start; i < text.length(); i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(of(prefix, HEX.parseHex(text, start, text.length())));
  }

  /// Tells whether `c` is a prefix an id can have, [#NO_PREFIX] included.
  public static boolean isPrefix(char c) {
    return c == NO_PREFIX || (c >= 'g' && c <= 'z');
  }

  /// The prefix letter, or [#NO_PREFIX].
  public char prefix() {
    return (char) key[0];
  }

  /// Tells whether the id has a prefix letter, that is, belongs in a `q` pack.
  public boolean hasPrefix() {
    return key[0] != 0;
  }

  /// The hash's length in bytes.
  public int hashLength() {
    return key.length - 1;
  }

  /// A copy of the hash.
  public byte[] hash() {
    return Arrays.copyOfRange(key, 1, key.length);
  }

  /// The length of the binary form.
  public int keyLength() {
    return key.length;
  }

  /// Copies the binary form into `target` at `offset`.
  public void copyKeyTo(byte[] target, int offset) {
    System.arraycopy(key, 0, target, offset, key.length);
  }

  /// Puts the binary form into `target` at its position.
  public void putKey(ByteBuffer target) {
    target.put(key);
  }

  /// The first 8 bytes of the hash as an unsigned number, zero-filled if it is shorter: where among
  /// evenly spread hashes this one lies.
  public long hashHead() {
    if (key.length > Long.BYTES) {
      return (long) LONG_IN_ARRAY.get(key, 1);
    }
    long head = 0;
    for (int i = 1; i <= Long.BYTES; i++) {
      head = head << 8 | (i < key.length ? key[i] & 0xff : 0);
    }
    return head;
  }

  /// Compares this id with the key of `length` bytes at `offset`, in the order of [#compareTo].
  ///
  /// @return below, equal to or above 0 as this id is
  public int compareToKey(MemorySegment bytes, long offset, int length) {
    int shared = Math.min(key.length, length);
    int i = 0;
    for (; i + Long.BYTES <= shared; i += Long.BYTES) {
      long mine = (long) LONG_IN_ARRAY.get(key, i);
      long theirs = bytes.get(LONG_IN_SEGMENT, offset + i);
      if (mine != theirs) {
        return Long.compareUnsigned(mine, theirs);
      }
    }
    for (; i < shared; i++) {
      int difference = (key[i] & 0xff) - (bytes.get(ValueLayout.JAVA_BYTE, offset + i) & 0xff);
      if (difference != 0) {
        return difference;
      }
    }
    return key.length - length;
  }

  /// The last 16 bytes of the hash, from which the key of the content's cipher is derived.
  ///
  /// @throws IllegalStateException if the hash is shorter
  public byte[] cipherIv() {
    if (key.length < 17) {
      throw new IllegalStateException("hash of " + hashLength() + " bytes has no 16-byte IV");
    }
    return Arrays.copyOfRange(key, key.length - 16, key.length);
  }

  @Override
  public int compareTo(ContentId other) {
    return Arrays.compareUnsigned(key, other.key);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContentId id && Arrays.equals(key, id.key);
  }

  @Override
  public int hashCode() {
    // The hash is uniform: its last four bytes are as good as any mixing; the prefix tells k from
    // none.
    int n = key.length;
    int h =
        n >= 5
            ? (key[n - 1] << 24)
                ^ ((key[n - 2] & 0xff) << 16)
                ^ ((key[n - 3] & 0xff) << 8)
                ^ (key[n - 4] & 0xff)
            : Arrays.hashCode(key);
    return h ^ key[0];
  }

  @Override
  public String toString() {
    String hex = HEX.formatHex(key, 1, key.length);
    return key[0] == 0 ? hex : (char) key[0] + hex;
  }
}
