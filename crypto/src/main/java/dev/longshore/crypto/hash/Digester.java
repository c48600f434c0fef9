package dev.longshore.crypto.hash;

/// A keyed hash with state of its own; used by one thread at a time.
interface Digester {
  /// Hashes one content and writes the first `size` bytes of its digest. The ranges are checked.
  void hash(byte[] data, int offset, int length, byte[] out, int outOffset, int size);
}
