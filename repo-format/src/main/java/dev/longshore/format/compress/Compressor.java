package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;

/// One compression, as a function from bytes to a stream and back. Thread-safe.
///
/// The stream is what follows the four bytes of the header id in a compressed payload
/// ([CompressedPayload]). Arrays that are passed in are not kept.
public interface Compressor {

  /// Compresses `in[offset..offset + length)` into `out`, from `outOffset` on.
  ///
  /// A caller that has no use for a stream larger than the input says so with `outLength`, which
  /// makes giving up cheap.
  ///
  /// @param outLength the most bytes to write
  /// @return the length of the stream in bytes, or -1 if it has more than `outLength`; the range of
  ///   `out` may then hold anything
  int compress(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength);

  /// The bytes of a stream whose plain length is known, as of every content in index version 2.
  ///
  /// @return a new array of `plainLength` bytes
  /// @throws CorruptException if the stream is damaged, does not end with the range, or does not
  ///   give exactly `plainLength` bytes
  byte[] decompress(byte[] in, int offset, int length, int plainLength) throws CorruptException;

  /// As above, into `out` from `outOffset` on. The ranges must not overlap; after an exception the
  /// one of `out` may hold anything.
  ///
  /// @throws IndexOutOfBoundsException if there is no room for `plainLength` bytes
  void decompress(byte[] in, int offset, int length, byte[] out, int outOffset, int plainLength)
      throws CorruptException;

  /// The bytes of a stream whose plain length nobody recorded, as of objects compressed in a format
  /// 1 repository and of manifests.
  ///
  /// Memory grows with what the stream really gives, to at most twice `maxPlainLength`.
  ///
  /// @return a new array of at most `maxPlainLength` bytes
  /// @throws CorruptException if the stream is damaged, does not end with the range, or gives more
  ///   than `maxPlainLength` bytes
  byte[] decompressUnknown(byte[] in, int offset, int length, int maxPlainLength)
      throws CorruptException;
}
