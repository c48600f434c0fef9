package dev.longshore.format.compress;

import dev.longshore.format.error.CorruptException;
import java.util.Objects;

/// What all compressors share: the checks of ranges, and the two ways to say how much is expected.
abstract class StreamCompressor implements Compressor {
  private final String what;

  /// @param what the stream, for messages
  StreamCompressor(String what) {
    this.what = what;
  }

  @Override
  public final int compress(
      byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    Objects.checkFromIndexSize(offset, length, in.length);
    Objects.checkFromIndexSize(outOffset, outLength, out.length);
    return encode(in, offset, length, out, outOffset, outLength);
  }

  @Override
  public final byte[] decompress(byte[] in, int offset, int length, int plainLength)
      throws CorruptException {
    Objects.checkFromIndexSize(offset, length, in.length);
    return decompress(in, offset, length, PlainBuffer.exactly(plainLength, length, what));
  }

  @Override
  public final void decompress(
      byte[] in, int offset, int length, byte[] out, int outOffset, int plainLength)
      throws CorruptException {
    Objects.checkFromIndexSize(offset, length, in.length);
    Objects.checkFromIndexSize(outOffset, plainLength, out.length);
    PlainBuffer plain = PlainBuffer.in(out, outOffset, plainLength, what);
    decode(new StreamReader(in, offset, length, what), plain);
    plain.checkComplete();
  }

  @Override
  public final byte[] decompressUnknown(byte[] in, int offset, int length, int maxPlainLength)
      throws CorruptException {
    Objects.checkFromIndexSize(offset, length, in.length);
    return decompress(in, offset, length, PlainBuffer.atMost(maxPlainLength, length, what));
  }

  private byte[] decompress(byte[] in, int offset, int length, PlainBuffer out)
      throws CorruptException {
    decode(new StreamReader(in, offset, length, what), out);
    return out.finish();
  }

  /// As [Compressor#compress], with ranges that have been checked.
  abstract int encode(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength);

  /// Reads the whole stream.
  ///
  /// @throws CorruptException if it is damaged, incomplete, followed by something else, or holds
  ///   more than `out` allows
  abstract void decode(StreamReader in, PlainBuffer out) throws CorruptException;
}
