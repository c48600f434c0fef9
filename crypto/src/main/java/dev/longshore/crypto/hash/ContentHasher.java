package dev.longshore.crypto.hash;

/// A keyed hash over the plain bytes of one content.
///
/// Safe for use by many threads at once. No buffer is kept after a call returns.
public interface ContentHasher {
  /// The length of a hash in bytes.
  int sizeBytes();

  /// Hashes `length` bytes of `data` and writes [#sizeBytes] bytes to `out`, which may be `data`.
  ///
  /// @throws IndexOutOfBoundsException if either range leaves its array
  void hash(byte[] data, int offset, int length, byte[] out, int outOffset);

  /// Hashes the whole array into a new one.
  default byte[] hash(byte[] data) {
    byte[] out = new byte[sizeBytes()];
    hash(data, 0, data.length, out, 0);
    return out;
  }
}
