package dev.longshore.engine.maintenance;

import dev.longshore.crypto.hash.SipHash;
import dev.longshore.format.id.BlobId;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Sums of bytes and numbers of contents by pack, in 24 to 48 bytes for each.
///
/// A keyed hash stands for a pack's name. Two packs with the same one, which chance does not bring
/// about, would count as one: a pack that nothing names would stay, or one that is short would not
/// be found. Nothing is lost by that. Not thread-safe.
final class PackTable {
  private static final int FIRST_SLOTS = 1 << 8;

  private final SipHash hash;

  /// Three words a slot: the name's hash, 0 if the slot is free; bytes; contents.
  private long[] words = new long[3 * FIRST_SLOTS];

  private int size;

  /// @param random makes the key; need not be secure
  PackTable(RandomGenerator random) {
    byte[] key = new byte[SipHash.KEY_BYTES];
    random.nextBytes(key);
    this.hash = new SipHash(key);
  }

  /// The hash of a pack's name; never 0.
  long key(BlobId pack) {
    byte[] name = pack.value().getBytes(StandardCharsets.ISO_8859_1);
    long key = hash.hash(name, 0, name.length);
    return key == 0 ? 1 : key;
  }

  /// Counts a content of a pack.
  void add(BlobId pack, long bytes) {
    if (size >= words.length / 6) {
      grow();
    }
    long key = key(pack);
    int at = find(words, key);
    if (words[at] == 0) {
      words[at] = key;
      size++;
    }
    words[at + 1] += bytes;
    words[at + 2]++;
  }

  /// The number of packs.
  int size() {
    return size;
  }

  /// Whether anything of the pack was counted.
  boolean contains(BlobId pack) {
    return words[find(words, key(pack))] != 0;
  }

  /// Bytes counted of the pack with a key.
  long bytes(long key) {
    return words[find(words, key) + 1];
  }

  /// Contents counted of the pack with a key.
  long contents(long key) {
    return words[find(words, key) + 2];
  }

  private static int find(long[] words, long key) {
    int slots = words.length / 3;
    int slot = (int) (key & slots - 1);
    while (words[3 * slot] != 0 && words[3 * slot] != key) {
      slot = slot + 1 & slots - 1;
    }
    return 3 * slot;
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(2, words.length)];
    for (int i = 0; i < words.length; i += 3) {
      if (words[i] != 0) {
        int at = find(larger, words[i]);
        System.arraycopy(words, i, larger, at, 3);
      }
    }
    words = larger;
  }
}
