package dev.longshore.format.compress;

/// Under construction.
final class S2Compressor implements Compressor {
  S2Compressor() {}

  static final S2Compressor FAST = new S2Compressor();
  static final S2Compressor BETTER = new S2Compressor();

  @Override
  public int compress(byte[] in, int offset, int length, byte[] out, int outOffset, int outLength) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] decompress(byte[] in, int offset, int length, int plainLength) {
    throw new UnsupportedOperationException();
  }

  @Override
  public byte[] decompressUnknown(byte[] in, int offset, int length, int maxPlainLength) {
    throw new UnsupportedOperationException();
  }
}
